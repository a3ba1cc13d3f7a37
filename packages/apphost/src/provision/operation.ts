import { RedoubtError } from "@redoubt/client";
import type { ArmAnswer, ArmClient } from "./arm-client.ts";
import { ArmError, isFault } from "./arm-error.ts";
import type { Redaction } from "./redaction.ts";
import { retryAfter } from "./retry-after.ts";
import { pause, type Timing } from "./timing.ts";

/** What is waited for, and how. */
export interface Wait {
  readonly client: ArmClient;
  readonly redaction: Redaction;
  readonly timing: Timing;
  /** For messages: `Deleting the group rg`. */
  readonly what: string;
  readonly signal: AbortSignal;
  /** When it has taken too long, of `performance.now()`. */
  readonly end: number;
  /** Where the thing itself is, for answers that say nothing about how to ask: its `properties.provisioningState` tells. */
  readonly resource?: { readonly path: string; readonly version: string };
  /** Called before each look. */
  readonly onLook?: () => Promise<void>;
}

/** The last words of something that took long. Source: Microsoft's "Track asynchronous Azure operations". */
export const finalStates: ReadonlySet<string> = new Set(["Succeeded", "Failed", "Canceled"]);

/**
 * Waits for what an answer has begun, the three ways of Azure: `Azure-AsyncOperation` (a status to ask for), `Location` (202
 * until it is done), or the resource's own `provisioningState`.
 *
 * @returns the last answer: of a status, of the location, or of the resource
 * @throws ArmError where it failed or was canceled
 * @throws RedoubtError `APP_DEPLOY` when it takes too long, `CLOSED_ABORTED`
 */
export async function settled(first: ArmAnswer, wait: Wait): Promise<ArmAnswer> {
  const statusAt = first.headers["azure-asyncoperation"];
  const resultAt = first.headers["location"];
  if (statusAt !== undefined) return untilFinal(first, wait, { path: statusAt }, statusOf);
  if (first.status === 202 && resultAt !== undefined) return untilThere(first, wait, resultAt);
  if (wait.resource !== undefined) return untilFinal(first, wait, wait.resource, provisioningState);
  return first;
}

async function untilThere(first: ArmAnswer, wait: Wait, location: string): Promise<ArmAnswer> {
  let path = location;
  let answer = first;
  for (let interval = wait.timing.poll; ; interval = longer(interval, wait.timing)) {
    if (answer.status !== 202) return answer;
    await rest(answer, wait, interval);
    answer = await wait.client.request({ method: "GET", path, what: wait.what, signal: wait.signal });
    path = answer.headers["location"] ?? path;
  }
}

async function untilFinal(
  first: ArmAnswer,
  wait: Wait,
  at: { readonly path: string; readonly version?: string },
  stateOf: (body: unknown) => string | null,
): Promise<ArmAnswer> {
  let place = at;
  let read = stateOf;
  let answer = first;
  for (let interval = wait.timing.poll; ; interval = longer(interval, wait.timing)) {
    await rest(answer, wait, interval);
    try {
      answer = await wait.client.request({ ...place, method: "GET", what: wait.what, signal: wait.signal });
    } catch (error) {
      // Statuses are forgotten after a while; the resource knows as well.
      if (!isFault(error, 404) || wait.resource === undefined || place === wait.resource) throw error;
      place = wait.resource;
      read = provisioningState;
      continue;
    }
    const state = read(answer.body);
    if (state === "Succeeded") return answer;
    if (state !== null && finalStates.has(state)) throw failureOf(wait, state, answer.body);
  }
}

async function rest(answer: ArmAnswer, wait: Wait, interval: number): Promise<void> {
  await wait.onLook?.();
  const asked = retryAfter(answer.headers);
  const ms = Math.min(asked ?? interval, wait.timing.longestAsked);
  if (performance.now() + ms > wait.end)
    throw new RedoubtError("APP_DEPLOY", `${wait.what} takes longer than was allowed; it goes on in Azure`, {
      hint: "Run it again later: it takes up what is under way.",
    });
  await pause(ms, wait.signal).catch(() => {
    throw new RedoubtError("CLOSED_ABORTED", "Interrupted.", { cause: wait.signal.reason });
  });
}

const longer = (interval: number, { longestPoll }: Timing): number =>
  Math.min(interval * 1.5, Math.max(longestPoll, interval));

function failureOf({ what, redaction }: Wait, state: string, body: unknown): ArmError {
  const error = (body as { error?: unknown; properties?: { error?: unknown } } | null) ?? {};
  const tree = error.error ?? error.properties?.error ?? { code: state, message: `Azure says: ${state}` };
  return new ArmError(what, 200, { error: tree }, (text) => redaction.mask(text));
}

function statusOf(body: unknown): string | null {
  const { status } = (body ?? {}) as { status?: unknown };
  return typeof status === "string" ? status : provisioningState(body);
}

/** `properties.provisioningState` of a resource. */
export function provisioningState(body: unknown): string | null {
  const state = (body as { properties?: { provisioningState?: unknown } } | null)?.properties
    ?.provisioningState;
  return typeof state === "string" ? state : null;
}
