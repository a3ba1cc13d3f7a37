import { type Endpoint, type ErrorCode, RedoubtError, type Target } from "@redoubt/client";
import { type DialOptions, type DialReport, dialEndpoint, type Stage } from "@redoubt/client/net";

/** What came of dialling one endpoint as a client does. */
export interface Dialling {
  readonly endpoint: Endpoint;
  readonly stages: readonly Stage[];
  /** `null` where it failed. */
  readonly report: DialReport | null;
  /** `null` where it worked. */
  readonly error: RedoubtError | null;
}

/** Dials every endpoint of a target at once, as the client does it, and hangs up. */
export function dialAll(target: Target, options: DialOptions): Promise<Dialling[]> {
  return Promise.all(target.endpoints.map((endpoint) => dialOne(target, endpoint, options)));
}

/**
 * Dials one endpoint as the client does it, and hangs up.
 * @throws RedoubtError of the family `CONFIG_`, and `CLOSED_ABORTED`: there is nothing to examine then
 */
export async function dialOne(target: Target, endpoint: Endpoint, options: DialOptions): Promise<Dialling> {
  const stages: Stage[] = [];
  try {
    const dialled = await dialEndpoint(target, endpoint, {
      ...options,
      onStage: (stage) => stages.push(stage),
    });
    dialled.close();
    return { endpoint, stages, report: dialled.report, error: null };
  } catch (error) {
    if (!(error instanceof RedoubtError) || isOver(error.code)) throw error;
    return { endpoint, stages, report: null, error };
  }
}

function isOver(code: ErrorCode): boolean {
  return code.startsWith("CONFIG_") || code === "CLOSED_ABORTED";
}
