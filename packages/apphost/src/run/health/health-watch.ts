import { setTimeout as delay } from "node:timers/promises";
import type { HealthCheck, Logger } from "../../model/resource.ts";
import type { Health } from "../../model/snapshot.ts";
import { Schedule } from "./schedule.ts";

/** How long one check may take, ms. */
const patience = 10_000;

/** What a look at a resource has found. */
export interface Finding {
  readonly health: Health;
  /** What the worst check says; absent when all is well. */
  readonly message?: string;
}

const severity = { healthy: 0, degraded: 1, unhealthy: 2 } as const;

/**
 * Looks at a resource again and again, until the signal: see {@link Schedule}.
 * @param onFinding called after each look
 */
export async function watchHealth(
  checks: readonly HealthCheck[],
  logger: Logger,
  signal: AbortSignal,
  onFinding: (finding: Finding) => void,
): Promise<void> {
  const schedule = new Schedule();
  while (!signal.aborted) {
    const finding = await look(checks, logger, signal);
    if (signal.aborted) return;
    onFinding(finding);
    const pause = schedule.next(finding.health === "healthy");
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}

/** All checks at once; the worst one counts. */
async function look(checks: readonly HealthCheck[], logger: Logger, signal: AbortSignal): Promise<Finding> {
  const findings = await Promise.all(checks.map((check) => one(check, logger, signal)));
  return findings.reduce<Finding>(
    (worst, finding) => (severity[finding.health] > severity[worst.health] ? finding : worst),
    { health: "healthy" },
  );
}

async function one(check: HealthCheck, logger: Logger, signal: AbortSignal): Promise<Finding> {
  const limit = new AbortController();
  const deadline = setTimeout(() => limit.abort(new Error(`no answer within ${patience} ms`)), patience);
  const both = AbortSignal.any([signal, limit.signal]);
  try {
    // A check that does not look at its signal is not waited for either.
    const { status, message } = await Promise.race([
      check.check({ signal: both, logger }),
      new Promise<never>((_, reject) => {
        both.addEventListener("abort", () => reject(both.reason as Error), { once: true });
      }),
    ]);
    if (status === "healthy") return { health: status };
    return { health: status, message: `${check.name}: ${message ?? status}` };
  } catch (error) {
    return { health: "unhealthy", message: `${check.name}: ${(error as Error).message}` };
  } finally {
    clearTimeout(deadline);
  }
}
