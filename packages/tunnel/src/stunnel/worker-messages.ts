import { type ErrorCode, RedoubtError } from "@redoubt/client";

/** What the first process tells a worker. */
export type Order =
  | {
      readonly order: "start";
      readonly file: string;
      /** Which worker this is, from 0, of how many. Only the first one logs what all of them do. */
      readonly index: number;
      readonly of: number;
      /** 48 random bytes in base64: clients resume their sessions with any worker. */
      readonly ticketKeys: string;
    }
  | { readonly order: "reload" | "reopen" | "list" | "become" }
  | { readonly order: "stop"; readonly drain: number };

/** What a worker answers. */
export interface Answer {
  readonly problem: { readonly code: ErrorCode; readonly message: string; readonly hint: string } | null;
  /** Lines that were asked for with `list`. */
  readonly lines: readonly string[];
}

/** An error as a message; what is no error of Redoubt is thrown on. */
export function problemMessage(error: unknown): Answer["problem"] {
  if (!(error instanceof RedoubtError)) throw error;
  const { code, message, hint } = error;
  return { code, message, hint };
}

/** A message as an error again. */
export function problemError({ code, message, hint }: NonNullable<Answer["problem"]>): RedoubtError {
  return new RedoubtError(code, message, { hint });
}
