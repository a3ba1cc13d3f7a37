import type { FlowVerdict } from "../judge/flow.ts";
import type { Judgement } from "../judge/judge.ts";
import type { Step } from "../judge/verdict.ts";
import { type Finding, type Fix, finding, fix } from "./finding.ts";
import type { FindingId } from "./table.ts";

const signs: readonly FindingId[] = [
  "not-joined",
  "peering-one-sided",
  "peering-not-connected",
  "peering-no-access",
  "peering-out-of-sync",
  "peering-global",
  "peering-global-zoned",
];

/** What is wrong with peerings that flows need: one finding for each pair of networks. */
export function peeringFindings({ caches }: Judgement): Finding[] {
  return caches.flatMap(({ cache, flows }) =>
    signs.flatMap((id) => {
      const pairs = new Map<string, { step: Step; flows: FlowVerdict[] }>();
      for (const verdict of flows)
        for (const step of verdict.steps) {
          if (step.kind !== "peering" || !step.signs.includes(id)) continue;
          const key = step.at.split(" and ").toSorted().join();
          const pair = pairs.get(key) ?? { step, flows: [] };
          pair.flows.push(verdict);
          pairs.set(key, pair);
        }
      return [...pairs.values()].map(({ step, flows: affected }) =>
        finding(id, `${step.at}: ${step.says}.`, {
          cache: cache.name,
          resource: step.resource,
          fixes: fixesOf(id, step),
          flows: affected.map(({ flow }) => flow.id),
        }),
      );
    }),
  );
}

function fixesOf(id: FindingId, { at, resource }: Step): Fix[] {
  const [first = "VNET", second = "OTHER"] = at.split(" and ");
  const create = [
    [first, second],
    [second, first],
  ]
    .map(
      ([from, to]) =>
        `az network vnet peering create -g GROUP -n ${from}-to-${to} --vnet-name ${from} --remote-vnet ${to} --allow-vnet-access`,
    )
    .join("\n");
  const bicep = [
    "resource peering 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2025-09-01' = {",
    "  parent: vnet",
    `  name: '${first}-to-${second}'`,
    "  properties: {",
    "    allowVirtualNetworkAccess: true",
    "    remoteVirtualNetwork: {",
    `      id: ${resource === null ? "remoteVnet.id" : `'${resource}'`}`,
    "    }",
    "  }",
    "}",
  ].join("\n");
  switch (id) {
    case "peering-no-access":
      return [
        fix(
          "Let the other network in.",
          `az network vnet peering update -g GROUP --vnet-name ${first} -n PEERING --set allowVirtualNetworkAccess=true`,
          "allowVirtualNetworkAccess: true",
        ),
      ];
    case "peering-out-of-sync":
      return [
        fix(
          "Make the peering take over the new prefixes.",
          `az network vnet peering sync -g GROUP --vnet-name ${first} -n PEERING`,
        ),
      ];
    case "peering-not-connected":
      return [
        fix(
          "Delete the peering on both sides and create it anew: a side that is Disconnected cannot be mended.",
          create,
          bicep,
        ),
      ];
    case "peering-global":
      return [
        fix("Join the networks by VPN gateways, VNet-to-VNet."),
        fix("Or create the cache with availability zones: then it has a standard load balancer."),
        fix("Or use a private endpoint, which has no such limit."),
      ];
    case "peering-global-zoned":
      return [
        fix(
          "Keep the zones when you create the cache anew; without them clients in other regions are cut off.",
        ),
      ];
    default:
      return [fix("Create the peering on both sides.", create, bicep)];
  }
}
