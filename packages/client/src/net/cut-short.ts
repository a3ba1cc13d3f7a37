import { type ErrorCode, RedoubtError } from "../errors.ts";

const timeouts: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "TCP_TIMEOUT",
  "TLS_HANDSHAKE_TIMEOUT",
  "TIMEOUT_CONNECT",
]);

/**
 * What to tell when the time for connecting is over. The last attempt had only what the ones before had left of it: that
 * it took too long says nothing, and the error of the one before says what is wrong.
 * @param before null: there was no other attempt
 */
export function mostTelling(last: RedoubtError, before: RedoubtError | null): RedoubtError {
  return before !== null && isTimeout(last) ? before : last;
}

function isTimeout({ code, cause }: RedoubtError): boolean {
  return timeouts.has(code) || (cause instanceof RedoubtError && isTimeout(cause));
}
