import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isDisturbed, type Profile, type Result, type Task, type Transport } from "./measurement.ts";
import type { NodeProgram } from "./node-program.ts";
import type { Place } from "./places.ts";
import { waitForQuiet } from "./probes/cpu.ts";
import type { Servers } from "./servers.ts";
import { shapes } from "./shapes/table.ts";
import type { Answer } from "./worker.ts";

/** Somebody who takes part: an entrant of the line-up. */
export interface Participant {
  /** Under which its results are told apart. */
  readonly name: string;
  readonly contender: string;
  /** Which build of Redoubt, by its folder `dist`. */
  readonly dist: string;
  /** Measured in the first round only. Default: in all. */
  readonly once?: boolean;
}

/** What is measured, and how long. */
export interface Plan {
  readonly participants: readonly Participant[];
  readonly places: readonly Place[];
  readonly rounds: number;
  /** ms, of one measurement. */
  readonly duration: number;
  readonly warmUp: number;
  /** How often a measurement is repeated that others disturbed. */
  readonly retries: number;
  /** How long each may wait for a quiet machine, ms. */
  readonly patience: number;
  /** The Node that clients run on. */
  readonly node: NodeProgram;
  /** See {@link Task}. */
  readonly sparing: boolean;
  /** Whether to look where the time goes. */
  readonly profiles: boolean;
  /** After this time no further shape is begun, ms. */
  readonly limit: number;
}

/** What a process may take longer than its measurement, ms: start, connect, the probes of memory. */
const slack = 120_000;

/**
 * Measures everything in turns, A B C … A B C, so that what changes on the machine meets everybody; each measurement in a
 * process of its own.
 *
 * @param onSkipped told which shapes were not begun any more, because the time was over
 * @yields all results of one shape over one transport, when they are there
 */
export async function* runRounds(
  plan: Plan,
  servers: Servers,
  onSkipped: (transport: Transport, shape: string) => void,
): AsyncGenerator<[Result, ...Result[]]> {
  const until = performance.now() + plan.limit;
  for (const { transport, shape } of plan.places) {
    if (performance.now() > until) {
      onSkipped(transport, shape);
      continue;
    }
    const known = shapes[shape];
    const once = known?.once === true || (known?.slow === true && transport === "tcp");
    const results: Result[] = [];
    for (let round = 0; round < (once ? 1 : plan.rounds); round++) {
      for (const participant of plan.participants) {
        if (round > 0 && participant.once === true) continue;
        const result = await measure(plan, servers, { transport, shape, round }, participant);
        if (result !== null) results.push(result);
      }
    }
    const [first, ...others] = results;
    if (first !== undefined) yield [first, ...others];
  }
}

/** Where Redoubt's time goes in a shape; null where that cannot be told. Looking costs time, so it is not done while measuring. */
export async function profileOf(plan: Plan, servers: Servers, place: Place): Promise<Profile | null> {
  const ours = plan.participants.find(({ contender }) => contender === "redoubt");
  if (ours === undefined) return null;
  const looking = { ...plan, profiles: true, retries: 0 };
  const found = await measure(looking, servers, { ...place, round: 0 }, ours);
  return found?.profile ?? null;
}

/** One measurement, and again while others disturb it; null when there is none. */
async function measure(
  plan: Plan,
  servers: Servers,
  place: Pick<Result, "transport" | "shape" | "round">,
  participant: Participant,
): Promise<Result | null> {
  const { contender, dist } = participant;
  const shape = shapes[place.shape];
  if (contender === "raw" && shape?.measureRaw === undefined) return null;
  const nodes = shape?.cluster === true ? await servers.nodes(place.transport) : [];
  const task: Task = {
    contender,
    dist,
    shape: place.shape,
    endpoint: nodes[0]?.endpoint ?? servers.endpoint(place.transport),
    quiet: servers.quiet(place.transport),
    nodes,
    serverPids: nodes.length > 0 ? nodes.map(({ pid }) => pid) : [servers.pid],
    duration: plan.duration,
    warmUp: plan.warmUp,
    profiles: plan.profiles,
    holdsData: shape?.holdsData === true,
    sparing: plan.sparing,
  };
  for (let attempt = 0; ; attempt++) {
    await waitForQuiet(plan.patience);
    try {
      const answer = await runWorker(plan, task);
      if (answer === null) return null;
      if (isDisturbed(answer.found) && attempt < plan.retries) continue;
      return { ...place, contender: participant.name, version: answer.version, ...answer.found };
    } catch (error) {
      if (attempt < plan.retries) continue;
      // One client that fails must not take the figures of the others with it.
      console.error(`${participant.name}, ${place.transport} ${place.shape}: ${(error as Error).message}`);
      return null;
    }
  }
}

function runWorker(plan: Plan, task: Task): Promise<Answer> {
  const worker = fork(fileURLToPath(new URL("worker.js", import.meta.url)), {
    execPath: plan.node.path,
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    timeout: plan.warmUp + plan.duration + slack,
    killSignal: "SIGKILL",
  });
  let said = "";
  worker.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    let answer: Answer | undefined;
    worker.once("message", (message) => {
      answer = message as Answer;
    });
    worker.once("error", reject);
    worker.once("close", (code, signal) => {
      if (answer !== undefined) resolve(answer);
      else reject(new Error(`it ended (${signal ?? code}) without an answer: ${said.trim().slice(-400)}`));
    });
    // Over this line and not as arguments: everybody on the machine may read those, and there is a password in it.
    worker.send(task);
  });
}
