import { createInterface } from "node:readline/promises";
import type { Danger } from "../guard/dangers.ts";
import type { Confirm } from "../guard/guard.ts";

/** What is asked before something is destroyed. */
export function question({ command, does }: Danger, place: string): string {
  return `${command} ${does}, and ${place} is marked as production.\nType ${place} to go on: `;
}

/** Asks on the terminal. */
export function terminalConfirm(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Confirm {
  return async (danger, place) => {
    const asking = createInterface({ input, output });
    try {
      const closed = new Promise<string>((resolve) => asking.once("close", () => resolve("")));
      return (await Promise.race([asking.question(question(danger, place)), closed])).trim() === place;
    } finally {
      asking.close();
    }
  };
}
