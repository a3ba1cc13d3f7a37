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
    return { code: "UNEXPECTED", message: messageOf(error), position: null, hint: null };
  return { code: error.code, message: error.message, position: error.position ?? null, hint: error.hint };
}

/** Describes a failure of `ping` for `--json`. */
export function describeConnectionFailure(error: unknown): ConnectionFailureDescription {
  const { stage, address } = error instanceof RedoubtError ? error : {};
  return { ...describeFailure(error), stage: stage ?? null, address: address ?? null };
}

/** Tells a person what failed, why most likely, and what to do. */
export function tellFailure(error: unknown, output: Output): void {
  const { paintTalk: paint } = output;
  if (!(error instanceof RedoubtError)) {
    output.note(`${paint("bad", "Redoubt failed unexpectedly:")} ${output.foreign(messageOf(error))}`);
    return;
  }
  const { what, cause, fix } = explain(error);
  const stage = error.stage === undefined ? "" : ` in stage ${error.stage}`;
  const address = error.address === undefined ? "" : ` (${error.address})`;
  const rows: [string, string][] = [
    ["what", what],
    ["cause", cause],
    ["fix", fix],
    ["more", `docs/${error.docs}`],
  ];
  output.note(paint("bad", error.code) + output.foreign(`${stage}${address}`));
  output.note(output.foreign(columns(rows.filter(([, text]) => text !== ""))));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
