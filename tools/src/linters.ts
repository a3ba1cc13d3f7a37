import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./outcome.ts";
import { filesBelow, workspaces } from "./tree.ts";

/** Longest that one program may take, ms: the types of all tests, from nothing, on a slow machine. */
const limit = 480_000;

/** Runs one of the programs in `node_modules`; one that takes longer than {@link limit} is ended, and says so. */
function run(
  root: string,
  script: string,
  args: readonly string[],
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "node_modules", script), ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limit,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (signal === null) return resolve({ ok: code === 0, output });
      reject(new Error(`${script} was ended by ${signal}; it may take ${limit / 1000} s`));
    });
  });
}

/** Format and order of imports, by Biome; nothing is written. */
export async function checkFormat(root: string): Promise<Outcome> {
  const { ok, output } = await run(root, "@biomejs/biome/bin/biome", [
    "check",
    "--max-diagnostics=none",
    ".",
  ]);
  const looked = Number(/Checked (\d+) files?/.exec(output)?.[1] ?? 0);
  // Only the headings: what it would have written, `npm run format` writes.
  const found = [...output.matchAll(/^(\S+?)(:\d+)?(?::\d+)? (\S+) .*━$/gm)].map(
    ([, file, line = "", rule]) => `${file}${line} ${rule}: npm run format`,
  );
  return outcome(ok, looked, found, output);
}

interface LintReport {
  readonly number_of_files: number;
  readonly diagnostics: readonly {
    readonly message: string;
    readonly code?: string;
    readonly filename: string;
    readonly labels: readonly { readonly span: { readonly line: number } }[];
  }[];
}

/** The rules of `.oxlintrc.json`, those that need types included. */
export async function checkLint(root: string): Promise<Outcome> {
  const { ok, output } = await run(root, "oxlint/bin/oxlint", ["--format=json", "."]);
  if (!output.startsWith("{")) return outcome(ok, 0, [], output);
  const report = JSON.parse(output) as LintReport;
  const found = report.diagnostics.map(
    ({ filename, labels, message, code }) =>
      `${filename}:${labels[0]?.span.line ?? 1} ${message} [${code ?? "oxlint"}]`,
  );
  return outcome(ok, report.number_of_files, found, output);
}

/**
 * Types of what is not built: the tests of each workspace, by the `tsconfig.json` of its `test` folder (which editors and the
 * linter find, too), and with those of `tools` its scripts and the configuration.
 */
export async function checkTypes(root: string): Promise<Outcome> {
  const tests = workspaces(root)
    .map(({ folder }) => `${folder}/test`)
    .filter((folder) => filesBelow(root, folder, [".ts"]).length > 0);
  const without = tests.filter((folder) => !existsSync(join(root, folder, "tsconfig.json")));
  if (without.length > 0) {
    const problems = without.map((folder) => `${folder}/tsconfig.json is missing: extend tsconfig.test.json`);
    return { looked: tests.length, unit: "projects", problems };
  }
  const args = ["-b", ...tests, "--listFiles", "--pretty", "false"];
  const { ok, output } = await run(root, "typescript/bin/tsc", args);
  const lines = output.split("\n");
  const own = lines.filter((line) => line.startsWith(`${root}/`) && !line.includes("/node_modules/"));
  // Lines that are indented explain the one before them.
  const found = output.match(/^[^\s/].*(?:\n {2}.*)*/gm) ?? [];
  return outcome(ok, new Set(own).size, [...new Set(found)], output);
}

/** A program that failed without a finding that we could read has its whole output as the finding. */
function outcome(ok: boolean, looked: number, found: readonly string[], output: string): Outcome {
  const problems = ok || found.length > 0 ? found : [output.trim() || "it failed and said nothing"];
  return { looked, unit: "files", problems };
}
