import { type ErrorCode, RedoubtError } from "@redoubt/client";
import { type CallSite, callSite, describeCallSite } from "./call-site.ts";

/** What a fault of the user's file may carry besides its code and message. */
export interface FaultDetails {
  /** Where the user asked for what is wrong. Default: where the user's code is right now. */
  readonly at?: CallSite;
  /** A fix that fits better than the one of the table of errors. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * An error about the user's file, which names call, file and line behind the message.
 * @param message without full stop and without secrets
 */
export function fault(code: ErrorCode, message: string, details: FaultDetails = {}): RedoubtError {
  const { at = callSite(), hint, cause } = details;
  const where = describeCallSite(at);
  return new RedoubtError(code, where === "" ? message : `${message} (${where})`, {
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });
}
