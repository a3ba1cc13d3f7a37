import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startServer } from "@redoubt/server";
import { type Performance, perform } from "./perform.ts";
import { programme } from "./programme.ts";
import { page } from "./report/page.ts";
import { print } from "./report/print.ts";

const usage = `Usage: npm run drill -- [--json] [--write] [drill ...]

  --json   print the figures as JSON
  --write  write them into docs/guide/drills.md; only with all drills

Drills: ${programme.map(({ name }) => name).join(", ")}`;

/** All drills together take less, ms. When it is over, their servers end with this process. */
const limit = 180_000;

const guide = fileURLToPath(new URL("../../docs/guide/drills.md", import.meta.url));

/** @returns exit code: 0 when all drills are passed, 1 when one is not, 2 when the arguments make no sense */
async function main(argv: readonly string[]): Promise<number> {
  let wish: ReturnType<typeof read>;
  try {
    wish = read(argv);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (wish.help) {
    console.log(usage);
    return 0;
  }
  const late = setTimeout(() => {
    console.error(`Not finished within ${limit / 1000} s.`);
    process.exit(1);
  }, limit);
  const performances: Performance[] = [];
  for (const drill of wish.drills) {
    console.error(`${drill.name} …`);
    performances.push(await perform(drill));
  }
  if (wish.json) console.log(JSON.stringify(performances.map(asJson), null, 2));
  else print(performances);
  clearTimeout(late);
  const passed = performances.every(({ findings }) => findings.length === 0);
  if (wish.write && passed) writeFileSync(guide, page(performances, await circumstances()));
  return passed ? 0 : 1;
}

function asJson({ drill, ms, outcome, findings }: Performance) {
  return { drill: drill.name, ms, findings, ...outcome };
}

function read(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: "boolean" }, write: { type: "boolean" }, help: { type: "boolean" } },
  });
  const unknown = positionals.filter((name) => programme.every((drill) => drill.name !== name));
  if (unknown.length > 0) throw new Error(`There is no drill ${unknown.join(", ")}.`);
  if (values.write && positionals.length > 0) throw new Error("--write is for all drills together.");
  const drills = programme.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return { ...values, drills };
}

async function circumstances() {
  await using server = await startServer();
  const info = String(await server.command("INFO", "server"));
  const version = /^valkey_version:(\S+)/m.exec(info)?.[1];
  return {
    node: process.version,
    server: version === undefined ? `Redis ${/^redis_version:(\S+)/m.exec(info)?.[1]}` : `Valkey ${version}`,
    cpus: availableParallelism(),
    day: new Date().toISOString().slice(0, 10),
  };
}

process.exitCode = await main(process.argv.slice(2));
