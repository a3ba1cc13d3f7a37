import { RedoubtError } from "@redoubt/client";
import type { Questions } from "./questions.ts";

/** Asks at the terminal; `null` where there is none. Questions go to stderr: stdout is for data. */
export function terminalQuestions(): Questions | null {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null;
  const output = process.stderr;
  return {
    choose: async (message, choices, signal) => {
      const { isCancel, select } = await import("@clack/prompts");
      const options = choices.map(({ value, label, hint }) => ({
        value,
        label,
        ...(hint !== undefined && { hint }),
      }));
      const answer = await select({ message, options, signal, output, maxItems: 12 });
      if (isCancel(answer)) throw given();
      return answer;
    },
    text: async (message, { initial, problem }, signal) => {
      const { isCancel, text } = await import("@clack/prompts");
      const answer = await text({
        message,
        signal,
        output,
        ...(initial !== undefined && { initialValue: initial }),
        validate: (value) => problem?.(value ?? ""),
      });
      if (isCancel(answer)) throw given();
      return answer;
    },
    confirm: async (message, signal) => {
      const { confirm, isCancel } = await import("@clack/prompts");
      const answer = await confirm({ message, signal, output, initialValue: false });
      if (isCancel(answer)) throw given();
      return answer;
    },
  };
}

const given = (): RedoubtError => new RedoubtError("CLOSED_ABORTED", "Interrupted while asking.");
