import { z } from "zod";
import { type Occupant, type Peering, regionKey, type Subnet, type Vnet } from "../model/network.ts";
import { parentId, resourceId } from "../model/resource-id.ts";
import { flag, isShape, reference, references, type Shape, shapes, text, texts } from "./shape.ts";

const subnetShape = z.object({
  id: text,
  name: text,
  addressprefix: texts,
  addressprefixes: texts,
  networksecuritygroup: reference,
  routetable: reference,
  natgateway: reference,
  delegations: shapes,
  serviceendpoints: shapes,
  defaultoutboundaccess: flag,
  privateendpointnetworkpolicies: text,
  ipconfigurations: shapes,
  privateendpoints: references,
  resourcenavigationlinks: shapes,
  serviceassociationlinks: shapes,
});

/** `az network vnet subnet show`, or a subnet of a virtual network. */
export function readSubnet(shape: Shape, vnetId = ""): Subnet {
  const found = subnetShape.parse(shape);
  const name = found.name ?? resourceId(found.id ?? "").names.at(-1) ?? "";
  return {
    id: found.id ?? `${vnetId}/subnets/${name}`,
    name,
    prefixes: [...new Set([...found.addressprefix, ...found.addressprefixes])],
    nsgId: found.networksecuritygroup,
    routeTableId: found.routetable,
    natGatewayId: found.natgateway,
    delegations: found.delegations.flatMap(({ servicename }) =>
      typeof servicename === "string" ? [servicename] : [],
    ),
    serviceEndpoints: found.serviceendpoints.flatMap(({ service }) =>
      typeof service === "string" ? [service] : [],
    ),
    defaultOutboundAccess: found.defaultoutboundaccess,
    privateEndpointPolicies: found.privateendpointnetworkpolicies,
    occupants: [
      ...found.ipconfigurations.flatMap(ipOccupant),
      ...found.privateendpoints.map((id) => ({ id, type: "microsoft.network/privateendpoints" })),
      ...[...found.resourcenavigationlinks, ...found.serviceassociationlinks].flatMap(linkOccupant),
    ],
  };
}

/** An address configuration belongs to the resource above it: a network interface, a gateway, a scale set's interface. */
function ipOccupant({ id }: Shape): Occupant[] {
  if (typeof id !== "string") return [];
  const owner = parentId(id);
  return [{ id: owner, type: resourceId(owner).type }];
}

function linkOccupant({ link, linkedresourcetype, id }: Shape): Occupant[] {
  const type = typeof linkedresourcetype === "string" ? linkedresourcetype.toLowerCase() : "";
  const target = [link, id].find((one) => typeof one === "string");
  return type === "" || typeof target !== "string" ? [] : [{ id: target, type }];
}

const peeringShape = z.object({
  id: text,
  name: text,
  remotevirtualnetwork: reference,
  peeringstate: text,
  peeringsynclevel: text,
  allowvirtualnetworkaccess: flag,
  allowforwardedtraffic: flag,
  useremotegateways: flag,
  remoteaddressspace: z.unknown().optional(),
  remotevirtualnetworkaddressspace: z.unknown().optional(),
});

/** `az network vnet peering show`, or a peering of a virtual network. `null` where the other side is not named. */
export function readPeering(shape: Shape): Peering | null {
  const found = peeringShape.parse(shape);
  if (found.remotevirtualnetwork === null) return null;
  return {
    name: found.name ?? resourceId(found.id ?? "").names.at(-1) ?? "",
    remoteVnetId: found.remotevirtualnetwork,
    state: found.peeringstate,
    syncLevel: found.peeringsynclevel,
    allowAccess: found.allowvirtualnetworkaccess ?? true,
    allowForwarded: found.allowforwardedtraffic ?? false,
    useRemoteGateways: found.useremotegateways ?? false,
    remotePrefixes: prefixesOf(found.remotevirtualnetworkaddressspace ?? found.remoteaddressspace),
  };
}

function prefixesOf(space: unknown): string[] {
  return isShape(space) ? texts.parse(space["addressprefixes"]) : [];
}

const vnetShape = z.object({
  id: text,
  name: text,
  location: text,
  addressspace: z.unknown().optional().transform(prefixesOf),
  dhcpoptions: z
    .unknown()
    .optional()
    .transform((value) => (isShape(value) ? texts.parse(value["dnsservers"]) : [])),
  subnets: shapes,
  virtualnetworkpeerings: shapes,
});

/** `az network vnet show`, or one of a list. */
export function readVnet(shape: Shape): Vnet {
  const found = vnetShape.parse(shape);
  const id = found.id ?? found.name ?? "";
  return {
    id,
    name: found.name ?? resourceId(id).names.at(-1) ?? id,
    region: found.location === null ? null : regionKey(found.location),
    prefixes: found.addressspace,
    dnsServers: found.dhcpoptions,
    subnets: found.subnets.map((subnet) => readSubnet(subnet, id)),
    peerings: found.virtualnetworkpeerings.map(readPeering).filter((peering) => peering !== null),
    complete: found.addressspace.length > 0,
  };
}
