import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { benchFolder } from "../clients/contender.ts";
import { type Cost, countCost, hasCallgrind } from "./count.ts";
import { loops } from "./loops.ts";

/** How much more than its budget a command may cost: twice what two runs of the same build differ by, at most. */
const tolerance = { instructions: 0.02, bytes: 0.03 } as const;

const budgetFile = join(benchFolder, "budgets.json");
/** Each V8 compiles in its own way, and so does each processor. */
const platform = `node ${process.versions.node.split(".")[0]} ${process.arch}`;

/** Budgets by platform and loop. */
type Budgets = Record<string, Record<string, Cost>>;

const usage = `npm run bench:guard -- [options]

  --loops a,b      of: ${Object.keys(loops).join(" ")}
  --heap           counts only what is put on the heap: a few seconds, without valgrind
  --write          takes what is counted as the new budget
  --dist folder    another build of packages/client; with --against: compares two
  --against folder`;

/** @returns exit code: 0 within the budget, 1 not, 2 usage */
async function main(argv: readonly string[]): Promise<number> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      loops: text,
      dist: text,
      against: text,
      write: { type: "boolean" },
      heap: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  const names = values.loops?.split(",") ?? Object.keys(loops);
  if (values.help || names.some((name) => !Object.hasOwn(loops, name))) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const callgrind = values.heap !== true && (await hasCallgrind());
  if (!callgrind && values.heap !== true)
    console.error("valgrind is not installed: only the heap is counted.");
  const dist = resolve(values.dist ?? join(benchFolder, "../packages/client/dist"));
  const budgets = readBudgets();
  let exceeded = 0;
  for (const name of names) {
    const { count } = loops[name] as { count: number };
    const found = await countCost(name, dist, callgrind, count);
    const budget =
      values.against === undefined
        ? budgets[platform]?.[name]
        : await countCost(name, resolve(values.against), callgrind, count);
    const within = budget !== undefined && isWithin(found, budget);
    if (!within) exceeded++;
    console.log(describe(name, found, budget, within));
    if (values.write) (budgets[platform] ??= {})[name] = { ...budget, ...rounded(found, budget) };
  }
  if (values.write) {
    writeFileSync(budgetFile, `${JSON.stringify(budgets, null, 2)}\n`);
    return 0;
  }
  if (exceeded > 0 && values.against === undefined)
    console.error(
      `${exceeded} of ${names.length} exceed the budget of ${platform}; if that is right: --write`,
    );
  return exceeded > 0 ? 1 : 0;
}

function readBudgets(): Budgets {
  return existsSync(budgetFile) ? (JSON.parse(readFileSync(budgetFile, "utf8")) as Budgets) : {};
}

function isWithin(found: Cost, budget: Cost): boolean {
  const within = (name: keyof Cost): boolean =>
    found[name] === null || budget[name] === null || found[name] <= budget[name] * (1 + tolerance[name]);
  return within("instructions") && within("bytes");
}

/** What was not counted keeps its budget. */
function rounded({ instructions, bytes }: Cost, before: Cost | undefined): Cost {
  return {
    instructions: instructions === null ? (before?.instructions ?? null) : Math.round(instructions),
    bytes: Math.round(bytes),
  };
}

function describe(name: string, found: Cost, budget: Cost | undefined, within: boolean): string {
  const figure = (of: keyof Cost, unit: string): string => {
    const [is, due] = [found[of], budget?.[of]];
    if (is === null) return "";
    const change = due == null ? "no budget" : `${due.toFixed(0)}, ${((is / due - 1) * 100).toFixed(1)} %`;
    return `${is.toFixed(0)} ${unit} (${change})`.padEnd(44);
  };
  return `${within ? "ok  " : "MORE"} ${name.padEnd(10)} ${figure("instructions", "instructions")}${figure("bytes", "bytes on the heap")}`;
}

process.exitCode = await main(process.argv.slice(2));
