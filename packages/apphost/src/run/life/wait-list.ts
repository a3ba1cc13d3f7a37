import { RedoubtError } from "@redoubt/client";
import type { Wait } from "../../model/resource.ts";
import type { Ground } from "./ground.ts";
import type { ResourceRun } from "./resource-run.ts";

/** Something that a resource waits for. */
export interface Condition {
  readonly on: ResourceRun;
  readonly until: Wait["until"];
  readonly exitCode: number;
}

/** How far a condition is. */
export type Standing =
  | { readonly is: "met" }
  /** It may come still. `why`: what the other one is now. */
  | { readonly is: "open"; readonly why: string }
  /** It does not come by itself: somebody must do something. */
  | { readonly is: "broken"; readonly why: string }
  /** It cannot come any more. */
  | { readonly is: "impossible"; readonly why: string };

/** How far a condition is, by what the other resource is now. */
export function standingOf({ on, until, exitCode }: Condition): Standing {
  const { name, state, health, message, exitCode: code } = on.snapshot;
  const told = message === undefined ? "" : `: ${message}`;
  if (until === "completed") {
    if (!on.ended) return { is: "open", why: `${name} to complete (${state})` };
    if (code === exitCode) return { is: "met" };
    const how = code === undefined ? `is ${state}${told}` : `exited with code ${code}, not ${exitCode}`;
    return { is: "impossible", why: `${name} ${how}` };
  }
  if (on.running && (until === "started" || on.ready)) return { is: "met" };
  if (on.ended || state === "NotStarted" || state === "ValueMissing")
    return { is: "broken", why: `${name} (${state}${told})` };
  return { is: "open", why: `${name} (${[state, health].filter(Boolean).join(", ")}${told})` };
}

/**
 * Waits until all conditions are met.
 * @param onWaiting told for whom, and in a sentence what those are now, each time that changes
 * @throws RedoubtError `APP_RESOURCE_FAILED` when one cannot come any more, or, where that was chosen, does not come by itself;
 *   the signal's reason
 */
export async function untilMet(
  conditions: readonly Condition[],
  ground: Ground,
  signal: AbortSignal,
  onWaiting: (names: readonly string[], message: string) => void,
): Promise<void> {
  let told = "";
  for (;;) {
    signal.throwIfAborted();
    const next = nextChange(ground, signal);
    const open = conditions
      .map((one) => ({ one, standing: standingOf(one) }))
      .filter(({ standing }) => standing.is !== "met");
    if (open.length === 0) return next.cancel();
    const lost = open.find(
      ({ standing }) =>
        standing.is === "impossible" ||
        (standing.is === "broken" && ground.waitBehavior === "stop-on-resource-unavailable"),
    );
    const whys = open.map(({ standing }) => (standing.is === "met" ? "" : standing.why));
    if (lost !== undefined && lost.standing.is !== "met") {
      next.cancel();
      throw new RedoubtError("APP_RESOURCE_FAILED", `It waits for ${lost.standing.why}`, {
        hint: `The log of ${lost.one.on.resource.name} says more. Start it again, then this resource.`,
      });
    }
    // One resource may be waited for by two of its conditions, and is told once.
    const message = `waits for ${[...new Set(whys)].join(", ")}`;
    if (message !== told) onWaiting([...new Set(open.map(({ one }) => one.on.resource.name))], message);
    told = message;
    await next.promise;
  }
}

/** The next change of any resource, or the signal. */
function nextChange(ground: Ground, signal: AbortSignal): { promise: Promise<void>; cancel: () => void } {
  let cancel = (): void => {};
  const promise = new Promise<void>((resolve) => {
    const end = ground.onChange(() => cancel());
    cancel = () => {
      end();
      signal.removeEventListener("abort", cancel);
      resolve();
    };
    signal.addEventListener("abort", cancel, { once: true });
  });
  return { promise, cancel };
}
