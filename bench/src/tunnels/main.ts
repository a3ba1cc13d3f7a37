import { parseArgs } from "node:util";
import { disturbance } from "../measurement.ts";
import { busyCpus } from "../probes/cpu.ts";
import type { Mode } from "./contender.ts";
import { areReached, connectGoalsOf, goalsOf } from "./goals.ts";
import { Arena, type Measured, type MeasuredConnects, type TunnelPlan } from "./measurement.ts";
import { publish } from "./publish.ts";
import { tunnelReport } from "./report.ts";
import { loadShapes } from "./shape.ts";
import { type ConnectFigures, type Figures, type ShapeRow, summarise, summariseConnects } from "./summary.ts";

const usage = `Measures tunnels and terminators in front of one Redis, all in one run, one after the other.

  --quick            fewer loads, one round of half a second
  --rounds <n>       how often everything is measured (default 3); medians are shown
  --duration <ms>    of one measurement, about (default 1000)
  --mode <mode>      client or terminator (default: both)
  --shape <name>     only loads whose name holds that
  --only <names>     only these contenders, separated by commas
  --no-connects      without connections a second and memory
  --write            writes docs/performance-tunnel.md and .json; loads that were not measured stay as they are there
  --anyway           measures although others use the machine

All of it takes about 20 minutes. In parts: for each --mode, --shape "1 client", "50 clients", "500 clients" with
--no-connects, then --shape none for connections and memory. Of what misses a goal, it is looked at where the time goes.`;

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
      anyway: { type: "boolean" },
      "no-connects": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const quick = values.quick === true;
  const plan: TunnelPlan = {
    shapes: loadShapes.filter((shape) => (!quick || shape.quick) && fits(shape.name, values.shape)),
    modes: values.mode === undefined ? ["client", "terminator"] : [values.mode as Mode],
    rounds: Number(values.rounds ?? (quick ? 1 : 3)),
    duration: Number(values.duration ?? (quick ? 500 : 1000)),
    connects: values["no-connects"] !== true,
    only: values.only?.split(",") ?? null,
  };
  const busy = await busyCpus(2000);
  if (busy > disturbance && !values.anyway) {
    console.error(
      `Others keep ${busy.toFixed(1)} CPUs busy: what is measured now says little. Wait for a quiet machine, or add --anyway.`,
    );
    return 1;
  }
  const { rows, opened } = await measure(plan);
  const report = tunnelReport(rows, opened);
  console.log(report);
  if (values.write) publish(plan, busy, rows, opened);
  return 0;
}

/** Whether a load is meant by its number of clients, or by any other part of its name. */
function fits(name: string, wanted = ""): boolean {
  return /^\d+ clients?$/.test(wanted) ? name.startsWith(wanted) : name.includes(wanted);
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
      if (!plan.connects) continue;
      for await (const row of arena.connects(mode, round, plan.duration)) connects.push(row);
    }
  return {
    rows: await explained(arena, summarise(measured), plan.duration),
    opened: await explainedConnects(arena, summariseConnects(connects), plan.duration),
  };
}

/** Of ours that miss a goal, it is looked at where their time goes. */
async function explained(arena: Arena, rows: readonly ShapeRow[], duration: number): Promise<ShapeRow[]> {
  const found: ShapeRow[] = [];
  for (const row of rows) {
    const shape = loadShapes.find(({ name }) => name === row.shape);
    const figures: Figures[] = [];
    for (const own of row.figures) {
      const looks = shape !== undefined && !areReached(goalsOf(row, own));
      figures.push(looks ? { ...own, why: await arena.why(row.mode, own.contender, shape, duration) } : own);
    }
    found.push({ ...row, figures });
  }
  return found;
}

async function explainedConnects(
  arena: Arena,
  rows: readonly ConnectFigures[],
  duration: number,
): Promise<ConnectFigures[]> {
  const found: ConnectFigures[] = [];
  for (const own of rows) {
    const { fresh, resumed } = connectGoalsOf(
      rows.filter(({ mode }) => mode === own.mode),
      own,
    );
    const { mode, contender } = own;
    found.push({
      ...own,
      ...(!areReached(fresh) && { why: await arena.whyConnects(mode, contender, false, duration) }),
      ...(!areReached(resumed) && { whyResumed: await arena.whyConnects(mode, contender, true, duration) }),
    });
  }
  return found;
}

process.exitCode = await main(process.argv.slice(2));
