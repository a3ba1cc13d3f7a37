import { RedoubtError } from "@redoubt/client";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Ground } from "./ground.ts";
import type { ResourceRun } from "./resource-run.ts";

/** How long somebody waits who says nothing, ms. */
const patience = 300_000;

/**
 * Waits for a state of a resource, for `healthy`, or for `ended`.
 * @throws RedoubtError `APP_RESOURCE_FAILED` when it has ended otherwise, `TIMEOUT_COMMAND`, `CLOSED_ABORTED`
 */
export async function untilState(
  run: ResourceRun,
  ground: Ground,
  until: string,
  options: { readonly timeout?: number; readonly signal?: AbortSignal } = {},
): Promise<Snapshot> {
  const { timeout = patience, signal } = options;
  const name = run.resource.name;
  const met = (): boolean => {
    if (until === "healthy") return run.ready;
    return until === "ended" ? run.ended : run.snapshot.state === until;
  };
  return new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      end();
      clearTimeout(deadline);
      signal?.removeEventListener("abort", aborted);
      how();
    };
    const look = (): void => {
      if (met()) return settle(() => resolve(run.snapshot));
      // An end may be replaced by another life at once; one that is over and not taken up will not come to it.
      if (!run.ended || run.alive) return;
      const { state, message } = run.snapshot;
      settle(() =>
        reject(
          new RedoubtError(
            "APP_RESOURCE_FAILED",
            `"${name}" is ${state}${message === undefined ? "" : ` (${message})`}, and was to become ${until}`,
          ),
        ),
      );
    };
    const aborted = (): void =>
      settle(() => reject(new RedoubtError("CLOSED_ABORTED", `Waiting for "${name}" was ended`)));
    const deadline = setTimeout(() => {
      const { state, message } = run.snapshot;
      const now = `it is ${state}${message === undefined ? "" : `: ${message}`}`;
      settle(() =>
        reject(
          new RedoubtError(
            "TIMEOUT_COMMAND",
            `"${name}" did not become ${until} within ${timeout} ms; ${now}`,
          ),
        ),
      );
    }, timeout);
    const end = ground.onChange(look);
    signal?.addEventListener("abort", aborted, { once: true });
    if (signal?.aborted === true) aborted();
    else look();
  });
}
