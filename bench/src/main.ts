import { availableParallelism } from "node:os";
import { compareBuilds } from "./ab.ts";
import { type Invocation, readArguments, usage } from "./arguments.ts";
import { type Row, standing, summarise } from "./comparison.ts";
import { FrozenBuild } from "./frozen-build.ts";
import { disturbance, isDisturbed } from "./measurement.ts";
import { printRow, printSummary } from "./print.ts";
import { busyCpus } from "./probes/cpu.ts";
import { describeCircumstances } from "./report/circumstances.ts";
import { publish } from "./report/publish.ts";
import { type Plan, profileOf, runRounds } from "./rounds.ts";
import { Servers } from "./servers.ts";

/** What was measured, and how many measurements others disturbed. */
interface Outcome {
  readonly rows: readonly Row[];
  readonly measurements: number;
  readonly disturbed: number;
}

/** Runs what the command line asks for. stdout gets the figures, stderr what is to be known of them. */
async function run({ plans, otherNodes, comparesBuilds, publishes }: Invocation): Promise<void> {
  const busy = await busyCpus(500);
  if (busy > disturbance)
    console.error(
      `Others keep ${busy.toFixed(1)} of ${availableParallelism()} CPUs busy: ratios will be blurred.`,
    );
  await using servers = await Servers.start();
  for (const plan of plans) {
    if (otherNodes) console.log(`\nNode ${plan.node.version}`);
    const outcome = await measureAll(plan, servers, otherNodes ? plan.node.version : null, comparesBuilds);
    if (comparesBuilds) continue;
    const { measurements, disturbed } = outcome;
    printSummary(outcome.rows);
    if (disturbed > 0)
      console.error(
        `${disturbed} of ${measurements} measurements were disturbed: others used over ${disturbance} CPUs.`,
      );
    if (publishes === "always" || (publishes === "if quiet" && disturbed * 2 <= measurements)) {
      const rows = await withProfiles(outcome.rows, plan, servers);
      publish(rows, await describeCircumstances(plan, servers, { measurements, disturbed }));
    } else if (publishes === "if quiet")
      console.error(
        "So docs/performance.md stays as it is; run it again on a quiet machine, or with --publish.",
      );
  }
}

async function measureAll(
  plan: Plan,
  servers: Servers,
  node: string | null,
  comparesBuilds: boolean,
): Promise<Outcome> {
  const rows: Row[] = [];
  let disturbed = 0;
  let measurements = 0;
  const skip = (transport: string, shape: string): void =>
    console.error(`${transport} ${shape}: left out, the time is over`);
  for await (const results of runRounds(plan, servers, skip)) {
    measurements += results.length;
    disturbed += results.filter(isDisturbed).length;
    if (comparesBuilds) {
      console.log(compareBuilds(results));
      continue;
    }
    const row = summarise(results, node);
    rows.push(row);
    printRow(row);
  }
  return { rows, measurements, disturbed };
}

/** Where a row is below its goal, with a look at where the time went. */
async function withProfiles(rows: readonly Row[], plan: Plan, servers: Servers): Promise<Row[]> {
  const looked: Row[] = [];
  for (const row of rows) {
    const below = row.node === null && standing(row)?.reached === false;
    const profile = below ? await profileOf(plan, servers, { ...row, shape: row.name }) : null;
    looked.push(profile === null ? row : { ...row, profile });
  }
  return looked;
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help")) {
    console.log(usage);
    return 0;
  }
  using build = new FrozenBuild();
  let invocation: Invocation;
  try {
    invocation = await readArguments(argv, build.dist);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  await run(invocation);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
