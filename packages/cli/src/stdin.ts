import { RedoubtError } from "@redoubt/client";
import type { Invocation } from "./invocation.ts";

/** More than any connection string: whoever pipes more has piped something else. Bytes. */
const limit = 1_048_576;

/**
 * Reads one text from stdin to its end; one line end at the end is not part of it.
 *
 * @param what - what the user is to type, should stdin be a terminal
 * @throws RedoubtError CONFIG_SYNTAX for bytes that are not UTF-8, or more than 1 MiB; CLOSED_ABORTED on interrupt
 */
export async function readStdin({ stdin, output, signal }: Invocation, what: string): Promise<string> {
  if (stdin.isTTY) output.note(`Type the ${what}, then Enter and Ctrl-D.`);
  const chunks: Buffer[] = [];
  let length = 0;
  const stop = () => stdin.destroy(new RedoubtError("CLOSED_ABORTED", "Interrupted while reading stdin."));
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of stdin) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      if (length > limit) throw new RedoubtError("CONFIG_SYNTAX", `Stdin holds more than ${limit} bytes.`);
      chunks.push(bytes);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return decode(Buffer.concat(chunks)).replace(/\r?\n$/, "");
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RedoubtError("CONFIG_SYNTAX", "Stdin holds bytes that are not UTF-8.", {
      hint: "Write the bytes of the password percent-coded, in the url dialect.",
    });
  }
}
