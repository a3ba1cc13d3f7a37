import { writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { busyCpus } from "../probes/cpu.ts";
import type { Mode } from "./contender.ts";
import { Arena, type Measured, type MeasuredConnects, type TunnelPlan } from "./measurement.ts";
import { tunnelReport } from "./report.ts";
import { loadShapes } from "./shape.ts";
import { summarise, summariseConnects } from "./summary.ts";

const usage = `Measures tunnels and terminators in front of one Redis, all in one run, one after the other.

  --quick            fewer loads, one round of half a second
  --rounds <n>       how often everything is measured (default 3); medians are shown
  --duration <ms>    of one measurement, about (default 1500)
  --mode <mode>      client or terminator (default: both)
  --shape <name>     only loads whose name holds that
  --only <names>     only these contenders, separated by commas
  --write            writes docs/performance-tunnel.md and .json`;

const docs = fileURLToPath(new URL("../../../docs", import.meta.url));

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: "boolean" },
      rounds: { type: "string" },
      duration: { type: "string" },
      mode: { type: "string" },
      shape: { type: "string" },
      only: { type: "string" },
      write: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const quick = values.quick === true;
  const plan: TunnelPlan = {
    shapes: loadShapes.filter((shape) => (!quick || shape.quick) && shape.name.includes(values.shape ?? "")),
    modes: values.mode === undefined ? ["client", "terminator"] : [values.mode as Mode],
    rounds: Number(values.rounds ?? (quick ? 1 : 3)),
    duration: Number(values.duration ?? (quick ? 500 : 1500)),
    only: values.only?.split(",") ?? null,
  };
  const busy = await busyCpus(2000);
  const { measured, connects } = await measure(plan);
  const [rows, opened] = [summarise(measured), summariseConnects(connects)];
  const report = tunnelReport(rows, opened);
  console.log(report);
  if (values.write) publish(plan, busy, report, { rows, connects: opened });
  return 0;
}

async function measure(plan: TunnelPlan) {
  await using arena = await Arena.open(plan, (line) => console.error(line));
  const measured: Measured[] = [];
  const connects: MeasuredConnects[] = [];
  for (let round = 1; round <= plan.rounds; round++)
    for (const mode of plan.modes) {
      for (const shape of plan.shapes)
        for await (const row of arena.shape(mode, shape, round, plan.duration)) {
          measured.push(row);
          console.error(`${mode} ${row.shape}: ${row.contender} ${Math.round(row.found.perSecond)}/s`);
        }
      for await (const row of arena.connects(mode, round, plan.duration)) connects.push(row);
    }
  return { measured, connects };
}

function publish(plan: TunnelPlan, busy: number, report: string, figures: object): void {
  const [first] = cpus();
  const circumstances = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} CPUs (${first?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 1024 ** 3)} GiB, ${type()} ${release()}`,
    node: process.versions.node,
    busy: `${busy.toFixed(1)} of ${cpus().length} CPUs`,
    method: `median of ${plan.rounds} rounds of ${plan.duration / 1000} s`,
  };
  writeFileSync(join(docs, "performance-tunnel.md"), page(circumstances, report));
  const json = JSON.stringify(
    { ...circumstances, ...figures },
    (_, value: unknown) =>
      typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value,
    2,
  );
  writeFileSync(join(docs, "performance-tunnel.json"), `${json}\n`);
}

function page(circumstances: Readonly<Record<string, string>>, report: string): string {
  return `# Performance of tunnels

Written by \`npm run bench:tunnel -- --write\`; nothing on this page is typed by hand.

Before the run others kept ${circumstances["busy"]} busy: the more that is, the less throughput and times say; CPU seconds hold.
The last column of the second tables is from samples (perf) of a further run: where a goal is missed, it says where the time goes.

Measured on ${circumstances["date"]}: ${circumstances["machine"]}, Node ${circumstances["node"]}, ${circumstances["method"]}.
The load is redis-benchmark (GET of one value) on the same machine, and so are Redis and what is measured: on two CPUs they
take them from each other. stunnel, HAProxy (two threads) and hitch (two workers) are Debian's. *Direct* is the load without
anything in between; hitch is not measured as a client, because the client mode of 1.7.2 ends with an assertion. Times of the others are what they add to it. CPU is that of the measured program with its children.

${report}
`;
}

process.exitCode = await main(process.argv.slice(2));
