import { z } from "zod";
import type { Cache, CacheKind, LinkedCache } from "../model/cache.ts";
import { regionKey } from "../model/network.ts";
import { parentId, resourceId } from "../model/resource-id.ts";
import { count, flag, isShape, references, type Shape, shapes, text, texts } from "./shape.ts";

// Keys, connection strings and everything else that is secret have no field here, and so are never read.
const cacheShape = z.object({
  id: text,
  name: text,
  location: text,
  hostname: text,
  sku: z
    .unknown()
    .optional()
    .transform((value) => (isShape(value) ? text.parse(value["name"]) : null)),
  subnetid: text,
  staticip: text,
  shardcount: count,
  replicasperprimary: count,
  replicaspermaster: count,
  zones: texts,
  enablenonsslport: flag,
  publicnetworkaccess: flag,
  linkedservers: references,
  privateendpointconnections: shapes,
  clusteringpolicy: text,
  databases: shapes,
});

/** `az redis show`, `az redisenterprise show`, or one of a list. */
export function readCache(shape: Shape): Cache {
  const found = cacheShape.parse(shape);
  const id = found.id ?? found.name ?? "";
  const [database] = found.databases;
  const policy = database === undefined ? null : text.parse(database["clusteringpolicy"]);
  return {
    id,
    name: found.name ?? resourceId(id).names.at(-1) ?? id,
    kind: kindOf(id, found.sku, found.hostname),
    region: found.location === null ? null : regionKey(found.location),
    tier: found.sku,
    capacity: isShape(shape["sku"]) ? count.parse(shape["sku"]["capacity"]) : null,
    hostName: found.hostname,
    subnetId: found.subnetid,
    staticIp: found.staticip,
    shards: found.shardcount ?? 0,
    replicasPerPrimary: found.replicasperprimary ?? found.replicaspermaster,
    zones: found.zones,
    plaintext: found.enablenonsslport,
    publicAccess: found.publicnetworkaccess,
    clusteringPolicy: found.clusteringpolicy ?? policy,
    linkedServerIds: found.linkedservers,
    privateEndpointIds: found.privateendpointconnections.flatMap(({ privateendpoint }) =>
      isShape(privateendpoint) && typeof privateendpoint["id"] === "string" ? [privateendpoint["id"]] : [],
    ),
  };
}

function kindOf(id: string, sku: string | null, hostName: string | null): CacheKind {
  if (resourceId(id).type !== "microsoft.cache/redisenterprise") return "redis";
  if (/redisenterprise\.cache\.azure\.net$/i.test(hostName ?? "")) return "enterprise";
  return /^enterprise/i.test(sku ?? "") ? "enterprise" : "managed";
}

/** `az redisenterprise database show`: what it says of its cache. */
export function readDatabase(shape: Shape): { cacheId: string; clusteringPolicy: string | null } {
  const { id, clusteringpolicy } = cacheShape.parse(shape);
  return { cacheId: parentId(id ?? ""), clusteringPolicy: clusteringpolicy };
}

const linkShape = z.object({ id: text, linkedrediscacheid: text });

/** `az redis server-link show` or `list`. */
export function readLinkedCache(shape: Shape): LinkedCache | null {
  const { id, linkedrediscacheid } = linkShape.parse(shape);
  return id === null || linkedrediscacheid === null
    ? null
    : { cacheId: parentId(id), linkedCacheId: linkedrediscacheid };
}
