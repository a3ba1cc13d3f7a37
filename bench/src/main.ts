import { compareBuilds } from "./ab.ts";
import { type Invocation, readArguments, usage } from "./arguments.ts";
import { type Row, summarise } from "./comparison.ts";
import { printRow, printSummary } from "./print.ts";
import { idleLoad } from "./probes/cpu.ts";
import { disturbance, runRounds } from "./rounds.ts";
import { Servers } from "./servers.ts";

/** Runs what the command line asks for. stdout gets the figures, stderr what is to be known of them. */
async function run({ plan, comparesBuilds }: Invocation): Promise<void> {
  const { busy, cpus } = await idleLoad(500);
  if (busy > disturbance)
    console.error(`Others keep ${busy.toFixed(1)} of ${cpus} CPUs busy: ratios will be blurred.`);
  await using servers = await Servers.start();
  const rows: Row[] = [];
  let disturbed = 0;
  let all = 0;
  for await (const results of runRounds(plan, servers)) {
    all += results.length;
    disturbed += results.filter(({ otherCpus = 0 }) => otherCpus > disturbance).length;
    if (comparesBuilds) console.log(compareBuilds(results));
    else printRow(rows[rows.push(summarise(results)) - 1] as Row);
  }
  printSummary(rows);
  if (disturbed > 0)
    console.error(
      `${disturbed} of ${all} measurements were disturbed: others used over ${disturbance} CPUs.`,
    );
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help")) {
    console.log(usage);
    return 0;
  }
  let invocation: Invocation;
  try {
    invocation = readArguments(argv);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  await run(invocation);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
