import { z } from "zod";
import type { Gateway, HostName, Nic } from "../model/network.ts";
import { resourceId } from "../model/resource-id.ts";
import { isShape, reference, references, type Shape, shapes, text, texts } from "./shape.ts";

const nicShape = z.object({
  id: text,
  name: text,
  networksecuritygroup: reference,
  ipconfigurations: shapes,
});
const ipShape = z.object({
  privateipaddress: texts,
  subnet: reference,
  applicationsecuritygroups: references,
});

/** `az network nic show`, or one of a list. */
export function readNic(shape: Shape): Nic {
  const found = nicShape.parse(shape);
  const configurations = found.ipconfigurations.map((one) => ipShape.parse(one));
  const id = found.id ?? found.name ?? "";
  return {
    id,
    name: found.name ?? resourceId(id).names.at(-1) ?? id,
    nsgId: found.networksecuritygroup,
    addresses: configurations.flatMap(({ privateipaddress }) => privateipaddress),
    subnetIds: configurations.flatMap(({ subnet }) => (subnet === null ? [] : [subnet])),
    asgIds: configurations.flatMap(({ applicationsecuritygroups }) => applicationsecuritygroups),
  };
}

const gatewayShape = z.object({ id: text, name: text, gatewaytype: text, ipconfigurations: shapes });

/** `az network vnet-gateway show`, or one of a list. */
export function readGateway(shape: Shape): Gateway {
  const found = gatewayShape.parse(shape);
  const id = found.id ?? found.name ?? "";
  return {
    id,
    name: found.name ?? resourceId(id).names.at(-1) ?? id,
    kind: /^expressroute$/i.test(found.gatewaytype ?? "") ? "expressroute" : "vpn",
    subnetIds: found.ipconfigurations.flatMap(({ subnet }) =>
      isShape(subnet) && typeof subnet["id"] === "string" ? [subnet["id"]] : [],
    ),
  };
}

/** `az network list-service-tags`: tags and their prefixes. */
export function readServiceTags(list: readonly Shape[]): [name: string, prefixes: string[]][] {
  return list.flatMap((shape) => {
    const name = text.parse(shape["name"]);
    const prefixes = texts.parse(shape["addressprefixes"]);
    return name === null || prefixes.length === 0 ? [] : [[name, prefixes]];
  });
}

/** Texts in which rules name hosts: lists of firewalls, names and descriptions of rules. */
const hostFields = new Set(["targetfqdns", "fqdns", "destinationfqdns", "targeturls", "description", "name"]);

/** Every host that such a text names. */
export function readHostNames(value: unknown, file: string): HostName[] {
  const found = new Map<string, HostName>();
  const visit = (one: unknown, isHost: boolean): void => {
    if (typeof one === "string" && isHost)
      for (const [host] of one.toLowerCase().matchAll(/(?:\*\.)?(?:[a-z0-9-]+\.){2,}[a-z]{2,}/g))
        found.set(host, { host, file });
    if (Array.isArray(one)) for (const item of one) visit(item, isHost);
    else if (isShape(one)) for (const [key, item] of Object.entries(one)) visit(item, hostFields.has(key));
  };
  visit(value, false);
  return [...found.values()];
}
