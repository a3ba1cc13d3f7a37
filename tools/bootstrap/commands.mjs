import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { endWithNpm, root, runInForeground, runQuietly, SetupError } from "./child.mjs";
import { ensureDependencies, linkPrograms } from "./dependencies.mjs";
import { ensurePrograms } from "./install.mjs";
import { removeStaleOutputs } from "./stale.mjs";

/**
 * Compiles what changed since the last time.
 *
 * @param {readonly string[]} projects folders, with all that they refer to; none means everything
 */
async function compile(projects = []) {
  await ensureDependencies();
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { ok, output } = await runQuietly(process.execPath, [tsc, "-b", ...projects], { timeout: 300_000 });
  if (!ok) throw new SetupError(`The build failed (tsc -b):\n${output}`);
}

async function build() {
  await compile();
  removeStaleOutputs(root);
  await linkPrograms();
}

/** Everything that `start` and `test` need, so that they need no network afterwards. */
async function setup() {
  await ensurePrograms("test");
  await build();
  console.error("Ready: npm start, npm test.");
}

/** The todo service, in this very process: Ctrl-C reaches it directly and nothing is left when it ends. */
async function start() {
  await ensurePrograms("start");
  await compile(["examples/todos"]);
  const { main } = await import(pathToFileURL(join(root, "examples/todos/dist/main.js")).href);
  await main();
}

/**
 * The house's checks.
 *
 * @returns {Promise<number>} exit code
 */
async function check() {
  await build();
  return runChecks();
}

const runChecks = () => runInForeground([join(root, "tools/dist/check.js")]);

/**
 * The checks, then the tests; vitest comes last, so that the output ends with its summary.
 *
 * @param {readonly string[]} args for vitest (files, `-t name`, `--project unit` …); with any, the checks are left out
 * @returns {Promise<number>} exit code
 */
async function test(args) {
  await ensurePrograms("test");
  await build();
  const checked = args.length > 0 ? 0 : await runChecks();
  const tested = await runInForeground([join(root, "node_modules/vitest/vitest.mjs"), "run", ...args]);
  if (checked !== 0) console.error("The checks failed: see above the tests, or run npm run check.");
  return tested === 0 ? checked : tested;
}

/**
 * Measures the client against its peers, which only this installs; `guard` as first argument: counts what its hot path costs.
 *
 * @param {readonly string[]} args for `bench/src/main.ts`; behind `guard` or `tunnel` for their own `main.ts`
 * @returns {Promise<number>} exit code
 */
async function bench(args) {
  await ensurePrograms(args[0] === "tunnel" ? "test" : "start");
  await compile(["bench"]);
  if (args[0] === "tunnel") {
    await compile(["packages/cli"]);
    return runInForeground([join(root, "bench/dist/tunnels/main.js"), ...args.slice(1)]);
  }
  if (args[0] === "guard") return runInForeground([join(root, "bench/dist/guard/main.js"), ...args.slice(1)]);
  await ensureDependencies("bench");
  return runInForeground([join(root, "bench/dist/main.js"), ...args]);
}

/**
 * Breaks real servers and networks under a client at work, and tells what its callers saw.
 *
 * @param {readonly string[]} args for `drills/src/main.ts`
 * @returns {Promise<number>} exit code
 */
async function drill(args) {
  await ensurePrograms("start");
  await compile(["drills"]);
  return runInForeground([join(root, "drills/dist/main.js"), ...args]);
}

/** @type {Record<string, (args: readonly string[]) => Promise<number | void>>} */
const commands = { setup, start, test, check, build, drill, bench };

/** @param {readonly string[]} argv name of the command, then its arguments */
export async function run([name = "", ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    console.error(`Usage: node tools/bootstrap.mjs ${Object.keys(commands).join(" | ")}`);
    process.exitCode = 2;
    return;
  }
  endWithNpm();
  try {
    process.exitCode = (await command(args)) ?? process.exitCode ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
