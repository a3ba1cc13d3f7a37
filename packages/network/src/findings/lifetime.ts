import type { Judgement } from "../judge/judge.ts";
import { oldMetricHosts, requiredEndpoints } from "../tables/endpoints.ts";
import { retirements } from "../tables/lifetime.ts";
import { privateLinkNames } from "../tables/zones.ts";
import { type Finding, finding, fix } from "./finding.ts";

/** What is good to know of each cache, and of the rules as a whole. */
export function lifetimeFindings(judgement: Judgement): Finding[] {
  return [
    ...judgement.caches.flatMap(({ cache }) => {
      const injected = cache.subnetId !== null;
      const about = { cache: cache.name, resource: cache.id };
      const retirement = retirements[cache.kind];
      return [
        ...(injected && judgement.lookup.network.lighthouse === true
          ? [
              finding(
                "lighthouse",
                `Azure Lighthouse manages a subscription of these exports; ${cache.name} is inside a network.`,
                {
                  ...about,
                  fixes: [fix("Use a private endpoint in a subscription that Lighthouse manages.")],
                },
              ),
            ]
          : []),
        ...(injected && cache.publicAccess !== null
          ? [
              finding(
                "public-access-ignored",
                `publicNetworkAccess of ${cache.name} has no effect, because the cache is inside a network.`,
                {
                  ...about,
                  fixes: [fix("Leave it out of templates.")],
                },
              ),
            ]
          : []),
        ...(injected
          ? [
              finding(
                "console-unavailable",
                `The Redis Console runs in your browser, which is outside of the network of ${cache.name}.`,
                {
                  ...about,
                  fixes: [fix("Use redis-cli or redoubt on a machine inside the network.")],
                },
              ),
            ]
          : []),
        ...(retirement === null
          ? []
          : [
              finding(
                "cache-retiring",
                `${privateLinkNames[cache.kind].product} (${cache.name}) is retired on ${retirement.retired}; what is left is switched off on ${retirement.disabled}.`,
                { ...about, fixes: [fix("Plan the move.", "redoubt network migrate --help")] },
              ),
            ]),
      ];
    }),
    ...oldHosts(judgement),
    ...ownServers(judgement),
  ];
}

function oldHosts({ lookup }: Judgement): Finding[] {
  const old = lookup.network.hostNames.filter(({ host }) => oldMetricHosts.test(host));
  if (old.length === 0) return [];
  const now = requiredEndpoints
    .filter(({ host }) => host.endsWith(".microsoftmetrics.com"))
    .map(({ host }) => host);
  const files = [...new Set(old.map(({ file }) => file))];
  return [
    finding(
      "old-metric-host",
      `${[...new Set(old.map(({ host }) => host))].join(", ")} in ${files.join(", ")}: written from a page before 2021. Metrics go elsewhere now.`,
      { fixes: [fix(`Let these hosts out on port 443 instead: ${now.join(", ")}.`)] },
    ),
  ];
}

function ownServers({ caches, lookup }: Judgement): Finding[] {
  const seen = new Set<string>();
  return caches.flatMap(({ cache }) => {
    const vnet = cache.subnetId === null ? undefined : lookup.vnetOf(cache.subnetId);
    if (vnet === undefined || vnet.dnsServers.length === 0 || seen.has(vnet.id)) return [];
    seen.add(vnet.id);
    return [
      finding(
        "dns-own-servers",
        `${vnet.name} asks ${vnet.dnsServers.join(", ")}: they must resolve every host that a cache depends on, for example by forwarding to 168.63.129.16.`,
        {
          cache: cache.name,
          resource: vnet.id,
          fixes: [fix("Forward what they do not know to 168.63.129.16.")],
        },
      ),
    ];
  });
}
