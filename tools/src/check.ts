import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { checkCommands } from "./commands.ts";
import { checkDocs } from "./docs.ts";
import { checkErrors } from "./errors.ts";
import { checkLayers } from "./layers.ts";
import { checkLinks } from "./links.ts";
import { checkFormat, checkLint, checkTypes } from "./linters.ts";
import { checkLock } from "./lock.ts";
import { describe, isPassed, type Outcome } from "./outcome.ts";
import { checkSurface } from "./surface.ts";

/** Some checks can write what they would complain about: `check.js surface --write`. */
const write = process.argv.includes("--write");

/** The house's checks, by name. Each looks at the whole repository. */
const checks: Readonly<Record<string, (root: string) => Outcome | Promise<Outcome>>> = {
  format: checkFormat,
  lint: checkLint,
  types: checkTypes,
  layers: checkLayers,
  surface: (root) => checkSurface(root, write),
  errors: checkErrors,
  commands: checkCommands,
  links: checkLinks,
  docs: checkDocs,
  lock: (root) => checkLock(root, write),
};

/**
 * Runs the checks that are named, or all, and prints one line for each, with its findings below it.
 *
 * @returns exit code: 0 when all are passed, 1 when one is not, 2 when there is no such check
 */
async function main(root: string, names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !Object.hasOwn(checks, name));
  if (unknown.length > 0) {
    console.error(`There is no check ${unknown.join(", ")}; there are ${Object.keys(checks).join(", ")}.`);
    return 2;
  }
  const chosen = Object.entries(checks).filter(([name]) => names.length === 0 || names.includes(name));
  const results = await Promise.all(
    chosen.map(async ([name, check]) => ({ name, outcome: await runSafely(check, root) })),
  );
  for (const { name, outcome } of results) console.error(describe(name, outcome));
  return results.every(({ outcome }) => isPassed(outcome)) ? 0 : 1;
}

/** A check that breaks is a finding of its own; the others still tell theirs. */
async function runSafely(
  check: (root: string) => Outcome | Promise<Outcome>,
  root: string,
): Promise<Outcome> {
  try {
    return await check(root);
  } catch (error) {
    return { looked: 0, unit: "things", problems: [`it broke: ${inspect(error)}`] };
  }
}

process.exitCode = await main(
  fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, ""),
  process.argv.slice(2).filter((argument) => !argument.startsWith("--")),
);
