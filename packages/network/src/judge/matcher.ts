import { everyAddress, prefixesSet, prefixSet, publicAddresses } from "../model/address.ts";
import { IntervalSet } from "../model/intervals.ts";
import { idKey } from "../model/resource-id.ts";
import { platformDns } from "../tables/ports.ts";
import { platformTags, relate, tagKey } from "../tables/tags.ts";
import { narrowed, type Space } from "./space.ts";

/** Addresses that something surely means, and those that it may mean at most. */
export interface Extent {
  readonly sure: IntervalSet;
  /** Contains `sure`. */
  readonly maybe: IntervalSet;
}

/** What names stand for where a rule is in force. */
export interface Meaning {
  /** Of `VirtualNetwork`. */
  readonly virtualNetwork: Extent;
  /** Of application security groups, by the key of their id. */
  readonly asgs: ReadonlyMap<string, Extent>;
  /** Addresses that a group may have whose members are not known. */
  readonly asgsAtMost: IntervalSet;
  /** Prefixes of service tags, by {@link tagKey}. */
  readonly tags: ReadonlyMap<string, IntervalSet>;
}

/** One side of a rule, made ready for comparing. */
export interface Matcher {
  /** `*`: also what is not known. */
  readonly any: boolean;
  readonly internet: boolean;
  readonly virtualNetwork: boolean;
  readonly extent: Extent;
  /** Names of service tags, whether their prefixes are known or not. */
  readonly tags: readonly string[];
  /** Those of them whose prefixes are not known. */
  readonly unresolved: readonly string[];
}

/** Reads one side of a rule: its prefixes and tags, and the ids of its application security groups. */
export function matcher(texts: readonly string[], asgIds: readonly string[], meaning: Meaning): Matcher {
  const sure: IntervalSet[] = [];
  const maybe: IntervalSet[] = [];
  const tags: string[] = [];
  const unresolved: string[] = [];
  const keys = texts.map(tagKey);
  for (const [index, text] of texts.entries()) {
    const key = keys[index] as string;
    const set = prefixSet(text);
    if (set !== null) sure.push(set);
    else if (key === "virtualnetwork") {
      sure.push(meaning.virtualNetwork.sure);
      maybe.push(meaning.virtualNetwork.maybe);
    } else if (key === "internet") {
      sure.push(publicAddresses.without(meaning.virtualNetwork.sure));
      maybe.push(everyAddress.without(meaning.virtualNetwork.sure));
    } else if (key === "azureloadbalancer") sure.push(prefixesSet(["168.63.129.16"]));
    else if (platformTags.has(key)) sure.push(prefixesSet(platformDns));
    else if (isAny(key)) sure.push(everyAddress);
    else if (/^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/.test(key)) {
      tags.push(text);
      const known = meaning.tags.get(key);
      if (known === undefined) unresolved.push(text);
      else sure.push(known);
    } else maybe.push(everyAddress);
  }
  for (const id of asgIds) {
    const group = meaning.asgs.get(idKey(id));
    if (group !== undefined) sure.push(group.sure);
    maybe.push(group?.maybe ?? meaning.asgsAtMost);
  }
  const certain = IntervalSet.union(sure);
  return {
    any: keys.some(isAny),
    internet: keys.includes("internet"),
    virtualNetwork: keys.includes("virtualnetwork"),
    extent: { sure: certain, maybe: IntervalSet.union([certain, ...maybe]) },
    tags,
    unresolved,
  };
}

function isAny(key: string): boolean {
  return key === "*" || key === "any" || key === "0.0.0.0/0";
}

/**
 * A part of an end, and what a rule has to do with it: it is meant (`hit`), perhaps meant (`maybe`), not meant (`rest`), or some
 * of it is meant, without it being known which (`some`).
 */
export interface Part {
  readonly space: Space;
  readonly how: "hit" | "maybe" | "some" | "rest";
}

/** Cuts an end by one side of a rule. */
export function divide(space: Space, rule: Matcher): Part[] {
  if (rule.any) return [{ space, how: "hit" }];
  switch (space.kind) {
    case "addresses":
      return divideAddresses(space, rule);
    case "tag":
      return [...divideTag(space, rule)];
    case "subnet": {
      if (rule.virtualNetwork) return [{ space, how: "hit" }];
      // What the prefix of that subnet is, is not known: any prefix may be meant, public ones included.
      const named = !rule.extent.maybe.isEmpty && !rule.internet;
      return [{ space, how: named ? "maybe" : "rest" }];
    }
  }
}

function divideAddresses(space: Space & { readonly kind: "addresses" }, rule: Matcher): Part[] {
  const { set, tag } = space;
  if (tag !== null && rule.tags.some((name) => ["equal", "contains"].includes(relate(name, tag))))
    return [{ space, how: "hit" }];
  if (rule.unresolved.length === 0 && !set.intersects(rule.extent.maybe)) return [{ space, how: "rest" }];
  const hit = set.and(rule.extent.sure);
  const maybe = set.and(rule.extent.maybe).without(rule.extent.sure);
  let rest = set.without(rule.extent.maybe);
  const parts: Part[] = [];
  const add = (part: IntervalSet, how: Part["how"]) => {
    if (!part.isEmpty) parts.push({ space: narrowed(space, part), how });
  };
  add(hit, "hit");
  add(maybe, "maybe");
  const open = rule.unresolved.filter((name) => !isDealtWith(name, space.except));
  const touched = tag === null ? open : open.filter((name) => relate(name, tag) !== "apart");
  const within = rest.and(publicAddresses);
  if (touched.length > 0 && !within.isEmpty) {
    if (space.wide) {
      parts.push({ space: { ...space, set: rest, except: [...space.except, ...touched] }, how: "some" });
      return parts;
    }
    add(within, "maybe");
    rest = rest.without(within);
  }
  add(rest, "rest");
  return parts;
}

/** An earlier rule has dealt with the tag itself or one that contains it. */
function isDealtWith(name: string, except: readonly string[]): boolean {
  return except.some((earlier) => ["equal", "contains"].includes(relate(earlier, name)));
}

function* divideTag(space: Space & { readonly kind: "tag" }, rule: Matcher): Generator<Part> {
  if (rule.internet) return yield { space, how: "hit" };
  const relations = rule.tags.map((name) => ({ name, relation: relate(name, space.tag) }));
  if (relations.some(({ relation }) => relation === "equal" || relation === "contains"))
    return yield { space, how: "hit" };
  const inside = relations.flatMap(({ name, relation }) =>
    relation === "inside" && !isDealtWith(name, space.except) ? [name] : [],
  );
  if (inside.length > 0)
    return yield { space: { ...space, except: [...space.except, ...inside] }, how: "some" };
  const unknown = relations.some(({ relation }) => relation === "unknown");
  const prefixed = rule.extent.maybe.intersects(publicAddresses);
  yield { space, how: unknown || prefixed ? "maybe" : "rest" };
}
