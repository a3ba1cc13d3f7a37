import { addressesText } from "../model/address.ts";
import type { IntervalSet } from "../model/intervals.ts";
import { subnetName } from "../model/resource-id.ts";

/**
 * One end of a flow: not a point, but everything that must work.
 * - `addresses`: known ones. `wide` says that they are the whole internet, so that every service's addresses are among them;
 *   `tag` says whose they are, where a service tag stands for them.
 * - `tag`: those of a service tag whose prefixes nobody exported.
 * - `subnet`: those of a subnet whose prefix nobody exported. It is known to be inside the virtual network.
 *
 * `except` are tags that an earlier rule has dealt with.
 */
export type Space =
  | {
      readonly kind: "addresses";
      readonly set: IntervalSet;
      readonly wide: boolean;
      readonly tag: string | null;
      readonly except: readonly string[];
    }
  | { readonly kind: "tag"; readonly tag: string; readonly except: readonly string[] }
  | { readonly kind: "subnet"; readonly id: string };

/** Known addresses. */
export function addresses(set: IntervalSet, tag: string | null = null, wide = false): Space {
  return { kind: "addresses", set, wide, tag, except: [] };
}

/** The same end with fewer addresses. */
export function narrowed(space: Space & { readonly kind: "addresses" }, set: IntervalSet): Space {
  return { ...space, set };
}

/** An end for a person. */
export function spaceText(space: Space): string {
  switch (space.kind) {
    case "addresses": {
      const except = space.except.length === 0 ? "" : ` without ${space.except.join(", ")}`;
      return `${space.wide ? "the internet" : addressesText(space.set)}${except}`;
    }
    case "tag":
      return space.except.length === 0 ? space.tag : `${space.tag} without ${space.except.join(", ")}`;
    case "subnet":
      return `subnet ${subnetName(space.id)}`;
  }
}
