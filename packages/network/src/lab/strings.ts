import { mask, Secret } from "@redoubt/client/config";
import type { Lookup } from "../judge/lookup.ts";
import type { Cache } from "../model/cache.ts";
import { cachePlace } from "./machines.ts";
import type { LabPlan } from "./plan.ts";

/** A connection string for a cache of a laboratory. */
export interface LabString {
  readonly cache: string;
  /** With the password. */
  readonly text: Secret;
  /** Without. */
  readonly masked: string;
}

/**
 * What clients are told to dial, as the plan says: rightly, or as people get it wrong.
 *
 * @param caFile the authority's certificate
 */
export function labStrings(plan: LabPlan, lookup: Lookup, password: string, caFile: string): LabString[] {
  return plan.network.caches.flatMap((cache) => {
    const place = cachePlace(cache, lookup);
    if (place === null) return [];
    const text = (secret: string) => stringOf(cache, place.address, plan, secret, caFile);
    return [{ cache: cache.name, text: new Secret(text(password)), masked: text(mask) }];
  });
}

function stringOf(
  { kind, hostName, name }: Cache,
  address: string,
  { dialling }: LabPlan,
  password: string,
  caFile: string,
): string {
  const port = kind === "redis" ? 6380 : 10_000;
  const host = dialling === "by-address" ? address : (hostName ?? name);
  if (dialling === "plain-text")
    return `redis://:${password}@${host}:${kind === "redis" ? 6379 : port}?ssl=false`;
  return `rediss://:${password}@${host}:${port}?sslrootcert=${encodeURIComponent(caFile)}`;
}
