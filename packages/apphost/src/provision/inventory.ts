import type { Deployments } from "./deployments.ts";
import type { Place } from "./place.ts";
import type { SavedDeployment } from "./state.ts";

/** Knows what is in groups: each is listed once in a run. */
export class Inventory {
  readonly #deployments: Deployments;
  readonly #groups = new Map<string, Promise<ReadonlySet<string> | null>>();

  constructor(deployments: Deployments) {
    this.#deployments = deployments;
  }

  /**
   * What a deployment has made and is not there any more: somebody removed it. Only resources that lists of groups name are looked
   * for: not their children, not roles.
   * @returns ids; empty where nothing is missing
   */
  async missing({ place, resources }: SavedDeployment, signal: AbortSignal): Promise<readonly string[]> {
    const listed = resources.filter((id) => directlyIn.test(id));
    if (place.kind !== "group") return [];
    const there = await this.#in(place, signal);
    if (there === null) return resources.length > 0 ? resources : [place.group];
    return listed.filter((id) => !there.has(id.toLowerCase()));
  }

  #in(place: Place & { kind: "group" }, signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    const key = `${place.subscription}/${place.group}`.toLowerCase();
    const known = this.#groups.get(key) ?? this.#deployments.resourcesIn(place, signal);
    this.#groups.set(key, known);
    return known;
  }
}

/** Id of a resource that is in a group and in no other resource, and is no extension of one. */
const directlyIn =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/(?!Microsoft\.(Resources|Authorization)\/)[^/]+\/[^/]+\/[^/]+$/i;
