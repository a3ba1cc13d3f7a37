import type { ErrorCode } from "@redoubt/client";
import { RedoubtError } from "@redoubt/client";

/** What the program's exit code says. Scripts may rely on these numbers. */
export const exitCodes = {
  ok: 0,
  /** Something else failed, for example the server is still loading its data. */
  failure: 1,
  /** The command line or the connection string cannot be used. */
  usage: 2,
  /** A check found something; the check itself worked. */
  findings: 3,
  /** No name, no route, no answer in time. */
  unreachable: 4,
  /** TLS was asked for and not delivered as asked. */
  tls: 5,
  /** The server does not let this user in. */
  authentication: 6,
  /** Ctrl-C: 128 + SIGINT, as shells count. */
  interrupted: 130,
} as const;

/** One of the numbers of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const codeOfFamily: Readonly<Record<string, ExitCode>> = {
  CONFIG: exitCodes.usage,
  DNS: exitCodes.unreachable,
  TCP: exitCodes.unreachable,
  TIMEOUT: exitCodes.unreachable,
  TOPOLOGY: exitCodes.unreachable,
  TLS: exitCodes.tls,
  AUTH: exitCodes.authentication,
};

/** The exit code for a failure: the family of a Redoubt error decides; anything else is {@link exitCodes.failure}. */
export function exitCodeFor(error: unknown): ExitCode {
  if (!(error instanceof RedoubtError)) return exitCodes.failure;
  // Only the user's interrupt aborts anything in this program.
  if (error.code === "CLOSED_ABORTED") return exitCodes.interrupted;
  return codeOfFamily[familyOf(error.code)] ?? exitCodes.failure;
}

function familyOf(code: ErrorCode): string {
  return code.slice(0, code.indexOf("_"));
}
