import type { Command } from "../../../../src/commands/command.ts";
import * as commands from "../../../../src/commands/index.ts";
import * as namespaces from "../../../../src/commands/namespaces.ts";
import type { Case, ModuleCase } from "./case.ts";

type Make = (...args: readonly unknown[]) => Command<unknown>;
type Functions = Readonly<Record<string, unknown>>;

/** Makes the command of a case. */
export function call([path, ...args]: Case | ModuleCase): Command<unknown> {
  const [first, second] = path.split(".") as [string, string | undefined];
  const make =
    second === undefined
      ? (commands as Functions)[first]
      : ((namespaces as Functions)[first] as Functions)[second];
  return (make as Make)(...args);
}

/** A case as text, for the names of tests. */
export function title([name, ...args]: Case | ModuleCase): string {
  const shown = args.map((arg) =>
    arg instanceof Map ? `Map ${JSON.stringify([...arg])}` : JSON.stringify(arg),
  );
  return `${name}(${shown.join(", ")})`;
}
