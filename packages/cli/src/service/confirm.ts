import { isCancel, text } from "@clack/prompts";
import { RedoubtError } from "@redoubt/client";
import type { Invocation } from "../invocation.ts";
import { canAsk } from "../password.ts";

/** Does without a question, as `--force` does, where it is exactly `true`. */
const variable = "REDOUBT_FORCE";

/** What somebody has to type before something is done that cannot be taken back. */
export interface Confirmation {
  /** What is about to happen, a sentence each. */
  readonly warnings: readonly string[];
  /** The word to type. */
  readonly word: string;
  /** `--force` was given. */
  readonly force: boolean;
}

/**
 * Whether the user means it. Without a terminal nobody can be asked, and only `--force` (or REDOUBT_FORCE=true) says so.
 *
 * @throws RedoubtError CONFIG_MISSING where nobody can be asked; CLOSED_ABORTED when the user interrupts
 */
export async function confirmed(
  { warnings, word, force }: Confirmation,
  invocation: Invocation,
): Promise<boolean> {
  const { output, stdin: input, stderr, signal, environment } = invocation;
  for (const warning of warnings) output.note(output.paintTalk("warn", output.foreign(warning)));
  if (force || environment[variable] === "true") return true;
  if (!canAsk(invocation))
    throw new RedoubtError("CONFIG_MISSING", "This needs a confirmation, and nobody is here to be asked.", {
      hint: `Say --force where you mean it, or set ${variable}=true.`,
    });
  const answer = await text({ message: `Type ${word} to go on`, input, output: stderr, signal });
  if (isCancel(answer))
    throw new RedoubtError("CLOSED_ABORTED", "Interrupted while asking for a confirmation.");
  if (answer.trim() === word) return true;
  output.note("Not confirmed: nothing was changed.");
  return false;
}
