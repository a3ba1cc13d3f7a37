import { z } from "zod";
import type { DnsZone, PrivateEndpoint, ZoneLink, ZoneRecord } from "../model/private-link.ts";
import { parentId, resourceId } from "../model/resource-id.ts";
import { isShape, reference, type Shape, shapes, text, texts } from "./shape.ts";

const endpointShape = z.object({
  id: text,
  name: text,
  subnet: reference,
  privatelinkserviceconnections: shapes,
  manualprivatelinkserviceconnections: shapes,
  customdnsconfigs: shapes,
  ipconfigurations: shapes,
  privatednszonegroups: shapes,
});

/** `az network private-endpoint show`, or one of a list. */
export function readEndpoint(shape: Shape): PrivateEndpoint {
  const found = endpointShape.parse(shape);
  const id = found.id ?? found.name ?? "";
  const connections = [...found.privatelinkserviceconnections, ...found.manualprivatelinkserviceconnections];
  const [first] = connections;
  const state = first?.["privatelinkserviceconnectionstate"];
  const groups = found.privatednszonegroups.flatMap(zonesOfGroup);
  return {
    id,
    name: found.name ?? resourceId(id).names.at(-1) ?? id,
    subnetId: found.subnet,
    targetId: first === undefined ? null : text.parse(first["privatelinkserviceid"]),
    groupIds: first === undefined ? [] : texts.parse(first["groupids"]),
    status: isShape(state) ? text.parse(state["status"]) : null,
    addresses: [
      ...new Set([
        ...found.customdnsconfigs.flatMap(({ ipaddresses }) => texts.parse(ipaddresses)),
        ...found.ipconfigurations.flatMap(({ privateipaddress }) => texts.parse(privateipaddress)),
      ]),
    ],
    zoneIds: groups.length === 0 ? null : groups,
  };
}

/** The zones that a zone group writes to. */
function zonesOfGroup(shape: Shape): string[] {
  return shapes
    .parse(shape["privatednszoneconfigs"])
    .flatMap(({ privatednszoneid }) => (typeof privatednszoneid === "string" ? [privatednszoneid] : []));
}

/** `az network private-endpoint dns-zone-group list`. */
export function readZoneGroup(shape: Shape): { endpointId: string; zoneIds: readonly string[] } {
  return { endpointId: parentId(text.parse(shape["id"]) ?? ""), zoneIds: zonesOfGroup(shape) };
}

/** `az network private-dns zone show`, or one of a list. */
export function readZone(shape: Shape): DnsZone {
  const id = text.parse(shape["id"]) ?? "";
  return {
    id,
    name: (text.parse(shape["name"]) ?? resourceId(id).names.at(-1) ?? id).toLowerCase(),
    links: null,
    records: null,
  };
}

const linkShape = z.object({ id: text, virtualnetwork: reference, virtualnetworklinkstate: text });

/** `az network private-dns link vnet list`. */
export function readZoneLink(shape: Shape): { zoneId: string; link: ZoneLink } | null {
  const { id, virtualnetwork, virtualnetworklinkstate } = linkShape.parse(shape);
  return id === null || virtualnetwork === null
    ? null
    : { zoneId: parentId(id), link: { vnetId: virtualnetwork, state: virtualnetworklinkstate } };
}

/** `az network private-dns record-set a list`. */
export function readZoneRecord(shape: Shape): { zoneId: string; record: ZoneRecord } | null {
  const id = text.parse(shape["id"]);
  if (id === null) return null;
  const list = shapes.parse(shape["arecords"]);
  const addresses = list.flatMap(({ ipv4address }) => texts.parse(ipv4address));
  const name = text.parse(shape["name"]) ?? resourceId(id).names.at(-1) ?? "";
  return { zoneId: parentId(id), record: { name: name.toLowerCase(), addresses } };
}
