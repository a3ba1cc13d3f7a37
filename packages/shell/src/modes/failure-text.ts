import { explain, type RedoubtError } from "@redoubt/client";

/** A failure in two lines: what happened with its code, and what to do. For the prompt, where the conversation goes on. */
export function failureText(error: RedoubtError): string {
  const { what, fix } = explain(error);
  return `Error: ${what} (${error.code})\n${fix}`;
}
