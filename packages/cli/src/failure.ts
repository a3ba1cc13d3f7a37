import { explain, RedoubtError } from "@redoubt/client";
import { columns, type Output } from "./output.ts";

/** How a failure is written in JSON; absent things are `null`. */
export interface FailureDescription {
  /** A code of the error table, or `UNEXPECTED` for a fault of Redoubt itself. */
  readonly code: string;
  readonly message: string;
  /** Index into the connection string (UTF-16 units, from 0). */
  readonly position: number | null;
  readonly hint: string | null;
}

/** The same, for a failure that happened while connecting. */
export interface ConnectionFailureDescription extends FailureDescription {
  /** `dns`, `tcp`, `tls`, `auth` or `setup`. */
  readonly stage: string | null;
  readonly address: string | null;
}

/** Describes a failure for `--json`. */
export function describeFailure(error: unknown): FailureDescription {
  if (!(error instanceof RedoubtError))
    return { code: labels(error).code, message: explain(error).what, position: null, hint: null };
  return { code: error.code, message: error.message, position: error.position ?? null, hint: error.hint };
}

/** Describes a failure of `ping` for `--json`. */
export function describeConnectionFailure(error: unknown): ConnectionFailureDescription {
  const { stage, address } = labels(error);
  return { ...describeFailure(error), stage: stage ?? null, address: address ?? null };
}

/** Tells a person what failed, why most likely, and what to do. */
export function tellFailure(error: unknown, output: Output): void {
  const { what, cause, fix } = explain(error);
  const { code, stage, address, docs } = labels(error);
  const rows: [string, string][] = [
    ["what", output.foreign(what)],
    ["cause", output.foreign(cause)],
    ["fix", output.foreign(fix)],
  ];
  if (docs !== undefined) rows.push(["more", `docs/${docs}`]);
  if (isAboutConnecting(code)) rows.push(["deeper", "redoubt doctor, with the same connection string"]);
  const where = `${stage === undefined ? "" : ` in stage ${stage}`}${address === undefined ? "" : ` (${address})`}`;
  output.note(output.paintTalk("bad", code) + output.foreign(where));
  output.note(columns(rows));
}

/** What the doctor knows more about. */
function isAboutConnecting(code: string): boolean {
  return /^(?:DNS|TCP|TLS|AUTH)_|^TIMEOUT_CONNECT$/.test(code) && code !== "TCP_ADDRESS_IN_USE";
}

interface Labels {
  readonly code: string;
  readonly stage?: string;
  readonly address?: string;
  readonly docs?: string;
}

/** What no row of the error table foresees is a fault of Redoubt itself. */
function labels(error: unknown): Labels {
  return error instanceof RedoubtError ? error : { code: "UNEXPECTED" };
}
