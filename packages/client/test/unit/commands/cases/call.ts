import type { Command } from "../../../../src/commands/command.ts";
import * as commands from "../../../../src/commands/index.ts";
import type { Case } from "./case.ts";

type Make = (...args: readonly unknown[]) => Command<unknown>;

const byName: Readonly<Record<string, unknown>> = commands;

/** Makes the command of a case. */
export function call([name, ...args]: Case): Command<unknown> {
  return (byName[name] as Make)(...args);
}

/** A case as text, for the names of tests. */
export function title([name, ...args]: Case): string {
  const shown = args.map((arg) =>
    arg instanceof Map ? `Map ${JSON.stringify([...arg])}` : JSON.stringify(arg),
  );
  return `${name}(${shown.join(", ")})`;
}
