import { prefixesSet } from "../model/address.ts";
import { type Cache, isClustered } from "../model/cache.ts";
import { type PortRange, rangesSet } from "../model/port.ts";
import type { PrivateEndpoint } from "../model/private-link.ts";
import { sameId, subnetName } from "../model/resource-id.ts";
import { clientSubnets } from "./clients.ts";
import type { Flow, FlowVerdict } from "./flow.ts";
import { type JudgeOptions, subnetSpace } from "./injected.ts";
import type { Lookup } from "./lookup.ts";
import { missingResource } from "./missing.ts";
import { pathBetween } from "./path.ts";
import { addresses, type Space } from "./space.ts";
import { nsgStep } from "./steps.ts";
import { type Step, step, worst } from "./verdict.ts";

/** The ports that clients of a cache behind a private endpoint need. */
export function clientPorts(cache: Cache): readonly PortRange[] {
  if (cache.kind !== "redis") return isClustered(cache) ? [port(10_000), port(8500, 8599)] : [port(10_000)];
  return [
    port(6380),
    ...(cache.plaintext === true ? [port(6379)] : []),
    ...(isClustered(cache) ? [port(13_000, 13_999), port(15_000, 15_999)] : []),
  ];
}

function port(from: number, to: number = from): PortRange {
  return { from, to };
}

/** The private endpoints of a cache. */
export function endpointsOf(cache: Cache, lookup: Lookup): PrivateEndpoint[] {
  return lookup.network.privateEndpoints.filter(
    ({ id, targetId }) =>
      sameId(targetId, cache.id) || cache.privateEndpointIds.some((other) => sameId(other, id)),
  );
}

/** Judges what clients need to reach a cache by its private endpoints. */
export function judgeEndpoints(cache: Cache, lookup: Lookup, options: JudgeOptions): FlowVerdict[] {
  return endpointsOf(cache, lookup).flatMap((endpoint) => {
    const { subnetId } = endpoint;
    const [subnet, vnet] =
      subnetId === null ? [] : ([lookup.subnet(subnetId), lookup.vnetOf(subnetId)] as const);
    if (subnet === undefined || vnet === undefined) return [];
    const target: Space =
      endpoint.addresses.length > 0
        ? addresses(prefixesSet(endpoint.addresses))
        : subnetSpace(subnet.id, lookup);
    // A private endpoint may share its subnet with clients, unlike a cache.
    const clients = clientSubnets({ ...subnet, id: "" }, vnet, options.clients ?? [], lookup).filter(
      ({ subnet: one, guessed }) => !guessed || !sameId(one.id, subnet.id),
    );
    return clients.flatMap((client) =>
      clientPorts(cache).map((ports): FlowVerdict => {
        const name = `clients in ${subnetName(client.subnet.id)}`;
        const text = ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
        const source = subnetSpace(client.subnet.id, lookup);
        const flow: Flow = {
          id: `${endpoint.name} ${name} tcp/${text}`,
          cache,
          row: "private-endpoint",
          direction: "Inbound",
          protocol: "Tcp",
          ports,
          purpose: "Clients of the private endpoint",
          remote: "client",
          remoteName: name,
          remoteSpace: source,
          remoteSubnetId: client.subnet.id,
          guessed: client.guessed,
          optional: false,
        };
        const asked = { protocol: "Tcp", ports: rangesSet([ports]) } as const;
        const out = nsgStep(
          lookup.nsgOf(client.subnet.id),
          client.subnet.id,
          { ...asked, direction: "Outbound", local: source, remote: target },
          lookup,
        );
        const steps: Step[] = [
          approval(endpoint),
          out,
          pathBetween(client.vnet, vnet, { standardBalancer: null }, lookup),
          ...(filters(subnet.privateEndpointPolicies)
            ? [
                nsgStep(
                  lookup.nsgOf(subnet.id),
                  subnet.id,
                  { ...asked, direction: "Inbound", local: target, remote: source },
                  lookup,
                ),
              ]
            : []),
        ];
        const denied = steps.filter(({ verdict }) => verdict === "denied");
        return {
          flow,
          verdict: worst(steps.map(({ verdict }) => verdict)),
          partly: denied.length > 0 && denied.every(({ partly }) => partly),
          steps,
        };
      }),
    );
  });
}

/** Groups touch private endpoints only where the subnet's network policies are on. */
function filters(policies: string | null): boolean {
  return policies !== null && /^(?:enabled|networksecuritygroupenabled)$/i.test(policies);
}

function approval({ id, name, status }: PrivateEndpoint): Step {
  if (status === null)
    return step("endpoint", name, "cannot tell", "whether the connection is approved was not exported", {
      resource: id,
      missing: [missingResource(id, "its connection may still wait for approval")],
    });
  return /^approved$/i.test(status)
    ? step("endpoint", name, "allowed", "the connection is approved", { resource: id })
    : step("endpoint", name, "denied", `the connection is ${status}`, {
        resource: id,
        signs: ["endpoint-not-approved"],
      });
}
