import { endpointsOf } from "../judge/endpoint.ts";
import type { Judgement } from "../judge/judge.ts";
import type { Lookup } from "../judge/lookup.ts";
import { type Cache, isClustered } from "../model/cache.ts";
import type { DnsZone, PrivateEndpoint } from "../model/private-link.ts";
import { parentId, resourceId, sameId, shortName } from "../model/resource-id.ts";
import { privateLinkNames, privateLinkZones, zoneOf } from "../tables/zones.ts";
import { type Finding, finding, fix } from "./finding.ts";

/** What is wrong with private endpoints, and with the names that lead to them. */
export function privateLinkFindings({ caches, lookup }: Judgement): Finding[] {
  return [
    ...caches.flatMap(({ cache }) => [...ofCache(cache, lookup)]),
    ...lookup.network.dnsZones.flatMap((zone) => [...misnamed(zone)]),
  ];
}

function* ofCache(cache: Cache, lookup: Lookup): Generator<Finding> {
  const endpoints = endpointsOf(cache, lookup);
  const count = Math.max(endpoints.length, cache.privateEndpointIds.length);
  const about = { cache: cache.name, resource: cache.id };
  if (cache.subnetId !== null && count > 0)
    yield finding(
      "injected-with-endpoint",
      `${cache.name} is inside a network and has ${count} private endpoints.`,
      {
        ...about,
        fixes: [fix("Choose one of the two; the private endpoint is the one with a future, on a new cache.")],
      },
    );
  if (cache.subnetId === null && cache.publicAccess === false && count === 0)
    yield finding(
      "unreachable",
      `${cache.name} has publicNetworkAccess Disabled and no private endpoint: nobody can connect.`,
      {
        ...about,
        fixes: [
          fix(
            "Create a private endpoint.",
            `az network private-endpoint create -g GROUP -n ${cache.name}-endpoint --subnet SUBNET_ID --private-connection-resource-id ${cache.id} --group-id ${privateLinkNames[cache.kind].group} --connection-name ${cache.name}`,
            endpointBicep(cache),
          ),
        ],
      },
    );
  if (cache.kind === "redis" && cache.subnetId === null && isClustered(cache) && count > 1)
    yield finding(
      "endpoint-limit",
      `${cache.name} is clustered and has ${count} private endpoints; one is the most.`,
      {
        ...about,
        fixes: [fix("Keep one endpoint, and peer its network with the others.")],
      },
    );
  for (const endpoint of endpoints) yield* ofEndpoint(cache, endpoint, lookup);
}

function* ofEndpoint(cache: Cache, endpoint: PrivateEndpoint, lookup: Lookup): Generator<Finding> {
  const wanted = zoneOf(cache.kind, cache.hostName);
  const about = { cache: cache.name, resource: endpoint.id };
  if (endpoint.status !== null && !/^approved$/i.test(endpoint.status))
    yield finding("endpoint-not-approved", `${endpoint.name} is ${endpoint.status}.`, {
      ...about,
      fixes: [
        fix(
          "Approve the connection.",
          `az network private-endpoint-connection approve --id CONNECTION_ID --description "approved"`,
        ),
      ],
    });
  const names = (endpoint.zoneIds ?? []).map((id) => shortName(id).toLowerCase());
  const wrong = names.filter((name) => name !== wanted && privateLinkZones.includes(name));
  for (const name of wrong)
    yield finding(
      "dns-zone-wrong",
      `${endpoint.name} of ${cache.name} (${privateLinkNames[cache.kind].product}) is in zone ${name}; it needs ${wanted}. Nothing fails: the name keeps leading to the public address.`,
      {
        ...about,
        fixes: [zoneGroupFix(endpoint, wanted)],
      },
    );
  const zones = lookup.network.dnsZones.filter(({ name }) => name === wanted);
  // Where neither a zone group nor any zone was exported, nothing is known about names.
  const known = endpoint.zoneIds !== null || lookup.network.dnsZones.length > 0;
  if (zones.length === 0 && !names.includes(wanted) && known && wrong.length === 0)
    yield finding(
      "dns-zone-missing",
      `No private DNS zone ${wanted} for ${endpoint.name}: the name of ${cache.name} keeps leading to its public address.`,
      {
        ...about,
        fixes: [
          fix(
            "Create the zone, link it to every network with clients, and let the endpoint write to it.",
            [
              `az network private-dns zone create -g GROUP -n ${wanted}`,
              ...vnetsOf(endpoint, cache, lookup).map((id) => linkCommand(wanted, id)),
            ].join("\n"),
            `resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {\n  name: '${wanted}'\n  location: 'global'\n}`,
          ),
          zoneGroupFix(endpoint, wanted),
        ],
      },
    );
  for (const zone of zones) yield* ofZone(zone, cache, endpoint, lookup);
}

function* ofZone(zone: DnsZone, cache: Cache, endpoint: PrivateEndpoint, lookup: Lookup): Generator<Finding> {
  const { links, records } = zone;
  if (links !== null)
    for (const id of vnetsOf(endpoint, cache, lookup)) {
      if (links.some(({ vnetId }) => sameId(vnetId, id))) continue;
      // A network with DNS servers of its own asks those: they must reach the zone, not the network itself.
      if ((lookup.vnet(id)?.dnsServers.length ?? 0) > 0) continue;
      yield finding(
        "dns-zone-not-linked",
        `${zone.name} is not linked to ${shortName(id)}: from there ${cache.name} has its public address.`,
        {
          cache: cache.name,
          resource: zone.id,
          fixes: [
            fix(
              "Link it.",
              linkCommand(zone.name, id),
              `resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {\n  parent: zone\n  name: '${shortName(id)}'\n  location: 'global'\n  properties: {\n    registrationEnabled: false\n    virtualNetwork: {\n      id: '${id}'\n    }\n  }\n}`,
            ),
          ],
        },
      );
    }
  const label = recordName(cache);
  const record = records?.find(({ name }) => name === label);
  if (record === undefined || endpoint.addresses.length === 0) return;
  if (record.addresses.some((address) => endpoint.addresses.includes(address))) return;
  yield finding(
    "dns-record-wrong",
    `${label}.${zone.name} is ${record.addresses.join(", ")}; ${endpoint.name} has ${endpoint.addresses.join(", ")}.`,
    {
      cache: cache.name,
      resource: zone.id,
      fixes: [
        fix(
          "Let the endpoint write its own records; or correct this one.",
          `az network private-dns record-set a add-record -g ${resourceId(zone.id).resourceGroup ?? "GROUP"} -z ${zone.name} -n ${label} -a ${endpoint.addresses[0] ?? ""}`,
        ),
      ],
    },
  );
}

/** `cache` or, with the region that the two others have in their names, `cache.westeurope`. */
function recordName({ name, kind, hostName, region }: Cache): string {
  const suffix = `.${privateLinkNames[kind].suffix}`;
  const lower = hostName?.toLowerCase() ?? "";
  if (lower.endsWith(suffix)) return lower.slice(0, -suffix.length);
  return (kind === "redis" ? name : `${name}.${region ?? "region"}`).toLowerCase();
}

/** Networks from which the name is asked: that of the endpoint, and those peered with it. */
function vnetsOf(endpoint: PrivateEndpoint, _cache: Cache, lookup: Lookup): string[] {
  if (endpoint.subnetId === null) return [];
  const home = parentId(endpoint.subnetId);
  const vnet = lookup.vnet(home);
  const peers = vnet === undefined ? [] : lookup.livePeerings(vnet).map(({ remoteVnetId }) => remoteVnetId);
  return [home, ...peers];
}

function linkCommand(zone: string, vnetId: string): string {
  return `az network private-dns link vnet create -g GROUP -z ${zone} -n ${shortName(vnetId)} -v ${vnetId} -e false`;
}

function zoneGroupFix({ id, name }: PrivateEndpoint, zone: string) {
  return fix(
    `Let ${name} write to ${zone}.`,
    `az network private-endpoint dns-zone-group create -g ${resourceId(id).resourceGroup ?? "GROUP"} --endpoint-name ${name} -n default --private-dns-zone ${zone} --zone-name redis`,
    `resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-09-01' = {\n  parent: endpoint\n  name: 'default'\n  properties: {\n    privateDnsZoneConfigs: [\n      {\n        name: 'redis'\n        properties: {\n          privateDnsZoneId: zone.id\n        }\n      }\n    ]\n  }\n}`,
  );
}

function endpointBicep({ id, kind, name }: Cache): string {
  return `resource endpoint 'Microsoft.Network/privateEndpoints@2025-09-01' = {\n  name: '${name}-endpoint'\n  location: resourceGroup().location\n  properties: {\n    subnet: {\n      id: subnetId\n    }\n    privateLinkServiceConnections: [\n      {\n        name: '${name}'\n        properties: {\n          privateLinkServiceId: '${id}'\n          groupIds: [\n            '${privateLinkNames[kind].group}'\n          ]\n        }\n      }\n    ]\n  }\n}`;
}

/** `*.privatelink.…` is how pages print it; the name of the resource has no star. */
function* misnamed({ id, name }: DnsZone): Generator<Finding> {
  const bare = name.replace(/^\*\./, "");
  const close = privateLinkZones.find(
    (zone) => bare === zone || bare === zone.replace(/^privatelink\./, "") || bare.endsWith(`.${zone}`),
  );
  if (close === undefined || name === close) return;
  yield finding(
    "dns-zone-misnamed",
    `Zone ${name} is never asked: a private endpoint's name leads to ${close}.`,
    {
      resource: id,
      fixes: [
        fix(
          "Create the zone with the right name.",
          `az network private-dns zone create -g ${resourceId(id).resourceGroup ?? "GROUP"} -n ${close}`,
        ),
      ],
    },
  );
}
