import { type ErrorCode, RedoubtError } from "@redoubt/client";

/** A line of a configuration file. */
export interface Place {
  /** As it was named, or found by `include`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line, trimmed; a secret in it is masked. */
  readonly text: string;
}

/** `FILE:LINE: "TEXT"`, as stunnel itself writes it. */
export function placeText({ file, line, text }: Place): string {
  return `${file}:${line}: "${text}"`;
}

/** What is wrong with a line: `FILE:LINE: "TEXT": what`, and what to do. */
export function problemAt(place: Place, code: ErrorCode, what: string, hint: string): RedoubtError {
  return new RedoubtError(code, `${placeText(place)}: ${what}`, { hint });
}

/** What is wrong with a section as a whole, and what to do: `FILE:LINE: "[NAME]": Service [NAME]: what`. */
export function problemOf(
  service: { readonly name: string; readonly place: Place },
  code: ErrorCode,
  what: string,
  hint: string,
): RedoubtError {
  return problemAt(service.place, code, `Service [${service.name}]: ${what}`, hint);
}
