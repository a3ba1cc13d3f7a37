import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./outcome.ts";
import { filesBelow } from "./tree.ts";

const list = "packages/client/test/corpus/command-names.json";
const families = "packages/client/src/commands";

interface NamesOfServers {
  /** What the client does not offer, and why. */
  readonly leftOut: readonly { readonly why: string; readonly names: readonly string[] }[];
  readonly commands: Readonly<Record<string, unknown>>;
}

/**
 * Every command that the servers of the list have is offered by a family of the client, or left out for a reason; what is
 * left out is not offered. That the list knows all commands of a running server is what the client's own tests see to.
 *
 * @param root of the repository
 */
export function checkCommands(root: string): Outcome {
  const { commands, leftOut } = JSON.parse(readFileSync(join(root, list), "utf8")) as NamesOfServers;
  const offered = new Set(
    filesBelow(root, families, [".ts"]).flatMap((file) => specsIn(readFileSync(join(root, file), "utf8"))),
  );
  const reasons = new Map(leftOut.flatMap(({ why, names }) => names.map((name) => [name, why] as const)));
  const names = Object.keys(commands);
  return {
    looked: names.length,
    unit: "commands",
    problems: [
      ...names
        .filter((name) => !offered.has(name) && !reasons.has(name))
        .map((name) => `${families} has no ${name}, and ${list} does not say why`),
      ...[...reasons].flatMap(([name, why]) => [
        ...(name in commands ? [] : [`${list} leaves out ${name}, which no server has`]),
        ...(offered.has(name) ? [`${list} leaves out ${name} (${why}), and ${families} has it`] : []),
      ]),
      ...[...offered]
        .filter((name) => !(name in commands))
        .map((name) => `${families} has ${name}, which ${list} does not know`),
    ],
  };
}

/** The names in `spec("NAME"`. */
function specsIn(text: string): string[] {
  return [...text.matchAll(/\bspec\(\s*"([^"]+)"/g)].map(([, name]) => name ?? "");
}
