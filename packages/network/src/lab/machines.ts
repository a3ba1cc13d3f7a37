import { RedoubtError } from "@redoubt/client";
import { endpointsOf } from "../judge/endpoint.ts";
import type { Lookup } from "../judge/lookup.ts";
import type { Cache } from "../model/cache.ts";
import type { Vnet } from "../model/network.ts";
import { sameId } from "../model/resource-id.ts";
import { internetAddresses, type LabPlan } from "./plan.ts";

/**
 * What a namespace of a laboratory stands for. `fabric` is Azure's network itself: it routes by the routes of each subnet, and
 * enforces its rules. `gateway` leads on-premises; `internet` answers at every public address; `azure-dns` is what the host of
 * a network serves at 168.63.129.16.
 */
export type MachineKind = "fabric" | "gateway" | "internet" | "azure-dns" | "dns" | "cache" | "client";

/** A machine of a laboratory: a network namespace. */
export interface Machine {
  /** Unique; its link to the fabric or the gateway has the same name. */
  readonly name: string;
  readonly kind: MachineKind;
  /** IPv4; `null` of fabric and gateway, which have none of their own. */
  readonly address: string | null;
  /** `null` where it is in no subnet. */
  readonly subnetId: string | null;
  /** The network whose DNS it is or whose servers it asks; `null` for none. */
  readonly vnetId: string | null;
  /** What its link leads to; `null` of the fabric. */
  readonly behind: "fabric" | "gateway" | null;
}

/** Where Azure's own DNS and metadata service answer, in every network. */
export const hostAddresses = ["168.63.129.16", "169.254.169.254"] as const;

/** The name of the link is the name of the machine, and Linux allows 15 characters. */
const longestName = 15;

/**
 * Every machine that a plan needs.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for names or addresses that two have, or a cache whose address is not known
 */
export function machinesOf(plan: LabPlan, lookup: Lookup): readonly Machine[] {
  const machines: Machine[] = [
    { name: "fabric", kind: "fabric", address: null, subnetId: null, vnetId: null, behind: null },
    {
      name: "internet",
      kind: "internet",
      address: internetAddresses.web,
      subnetId: null,
      vnetId: null,
      behind: "fabric",
    },
    ...(plan.onPremises === null
      ? []
      : [
          {
            name: "gateway",
            kind: "gateway",
            address: null,
            subnetId: null,
            vnetId: null,
            behind: "fabric",
          } as const,
        ]),
    ...plan.network.vnets.map(
      (vnet): Machine => ({
        name: azureDnsName(vnet, plan),
        kind: "azure-dns",
        address: hostAddresses[0],
        subnetId: null,
        vnetId: vnet.id,
        behind: "fabric",
      }),
    ),
    ...plan.network.caches.flatMap((cache) => cacheMachines(cache, lookup)),
    ...plan.hosts.map(
      ({ name, address, subnetId, role }): Machine => ({
        name,
        kind: role,
        address,
        subnetId,
        vnetId: subnetId === null ? null : (lookup.vnetOf(subnetId)?.id ?? null),
        behind: subnetId === null ? "gateway" : "fabric",
      }),
    ),
  ];
  check(machines);
  return machines;
}

/** The DNS of a network has a name of its own: `azure-dns`, and a number where there are several networks. */
export function azureDnsName(vnet: Vnet, { network }: LabPlan): string {
  return `azure-dns-${network.vnets.findIndex(({ id }) => sameId(id, vnet.id)) + 1}`;
}

function cacheMachines(cache: Cache, lookup: Lookup): Machine[] {
  const place = cachePlace(cache, lookup);
  if (place === null) return [];
  const { address, subnetId } = place;
  const vnetId = lookup.vnetOf(subnetId)?.id ?? null;
  return [{ name: machineName(cache.name), kind: "cache", address, subnetId, vnetId, behind: "fabric" }];
}

/** The name of a machine for something whose name may be longer. */
export function machineName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-")
    .slice(0, longestName);
}

/** Where a cache is inside the networks: its own address, or that of its private endpoint. `null`: it is only public. */
export function cachePlace(cache: Cache, lookup: Lookup): { address: string; subnetId: string } | null {
  if (cache.subnetId !== null) {
    if (cache.staticIp === null) throw unplaced(cache.name);
    return { address: cache.staticIp, subnetId: cache.subnetId };
  }
  const [endpoint] = endpointsOf(cache, lookup);
  if (endpoint?.subnetId == null) return null;
  const [address] = endpoint.addresses;
  if (address === undefined) throw unplaced(endpoint.name);
  return { address, subnetId: endpoint.subnetId };
}

function unplaced(name: string): RedoubtError {
  return new RedoubtError("CONFIG_INVALID_VALUE", `${name} has no address in this plan.`, {
    hint: "Give it a static address, or the private endpoint its own.",
  });
}

function check(machines: readonly Machine[]): void {
  const names = new Map<string, Machine>();
  const addresses = new Map<string, Machine>();
  for (const machine of machines) {
    const { name, address, kind } = machine;
    if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name) || name.length > longestName)
      throw new RedoubtError(
        "CONFIG_INVALID_VALUE",
        `hosts: "${name}" is no name of a machine: up to ${longestName} lower-case letters, digits and hyphens.`,
      );
    if (names.has(name))
      throw new RedoubtError("CONFIG_INVALID_VALUE", `hosts: two machines have the name "${name}".`);
    names.set(name, machine);
    if (address === null || kind === "azure-dns") continue;
    const other = addresses.get(address);
    if (other !== undefined)
      throw new RedoubtError(
        "CONFIG_INVALID_VALUE",
        `hosts: ${other.name} and ${name} have the same address ${address}.`,
      );
    addresses.set(address, machine);
  }
}
