import type { Cache } from "../model/cache.ts";
import type { Network } from "../model/network.ts";
import { judgeEndpoints } from "./endpoint.ts";
import type { FlowVerdict } from "./flow.ts";
import { type JudgeOptions, judgeInjected } from "./injected.ts";
import { Lookup } from "./lookup.ts";
import type { Missing } from "./verdict.ts";

/** What was found of one cache. */
export interface CacheJudgement {
  readonly cache: Cache;
  readonly flows: readonly FlowVerdict[];
}

/** What was found of a network. */
export interface Judgement {
  readonly caches: readonly CacheJudgement[];
  /** What to export to tell more, each thing once. */
  readonly missing: readonly Missing[];
  readonly lookup: Lookup;
}

/**
 * Judges a network: for every flow that each of its caches needs, whether it is allowed, denied, or cannot be told, and what
 * decides.
 *
 * @example judge(readExports(files).network, { clients: ["app"] })
 */
export function judge(network: Network, options: JudgeOptions = {}): Judgement {
  const lookup = new Lookup(network);
  const caches = network.caches.map((cache) => ({
    cache,
    flows: [...judgeInjected(cache, lookup, options), ...judgeEndpoints(cache, lookup, options)],
  }));
  const missing = new Map<string, Missing>();
  for (const { flows } of caches)
    for (const { steps } of flows)
      for (const step of steps) for (const one of step.missing) missing.set(one.command, one);
  return { caches, missing: [...missing.values()], lookup };
}
