import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { SecureContext } from "node:tls";
import { createAuthority, startServer } from "@redoubt/server";
import { type Busy, watchBusy } from "./busy-watch.ts";
import { holdOpen, runConnects, trusting } from "./connects.ts";
import { type Contender, contenders, type Ground, type Mode, type Start } from "./contender.ts";
import { profileUnder } from "./cpu-profile.ts";
import { canSample, sample } from "./hot-spots.ts";
import { type LoadFound, type LoadTarget, runLoad } from "./load.ts";
import type { Program } from "./program.ts";
import { benchmarkKey, type LoadShape } from "./shape.ts";
import type { TimeSpent } from "./time-spent.ts";

/** How long and how often is measured. */
export interface TunnelPlan {
  readonly shapes: readonly LoadShape[];
  readonly modes: readonly Mode[];
  readonly rounds: number;
  /** Of one measurement, about; ms. */
  readonly duration: number;
  /** Names of contenders, or null for all. */
  readonly only: readonly string[] | null;
  /** Whether connections a second and memory are measured. */
  readonly connects: boolean;
}

/** One measurement. `direct` is the load without anything in between. */
export interface Measured {
  readonly mode: Mode;
  readonly shape: string;
  readonly contender: string;
  readonly round: number;
  readonly found: LoadFound;
  /** CPU seconds of the contender for a million commands; NaN without a contender. */
  readonly cpuPerMillion: number;
  /** Null without a contender. */
  readonly busy: Busy | null;
}

/** What does not depend on a shape. */
export interface MeasuredConnects {
  readonly mode: Mode;
  readonly contender: string;
  readonly round: number;
  /**
   * Connections a second: with a new TLS session each, and with the session of the one before. To a terminator the program in
   * front of it resumes; a tunnel resumes what it opens itself. NaN where there is no such thing.
   */
  readonly connects: number;
  readonly connectsResumed: number;
  /** CPU of the contender, ms for a connection. */
  readonly cpuPerConnect: number;
  readonly cpuPerConnectResumed: number;
  /** Who was busy meanwhile; null where that was not measured. */
  readonly busy: Busy | null;
  readonly busyResumed: Busy | null;
  /** Memory for each of many idle connections, bytes. */
  readonly memory: number;
}

/** The name of the load without anything in between. */
export const direct = "direct";

/** Memory is compared after so many connections, when all that they have in common is there, and after so many more. */
const firstConnections = 100;
const idleConnections = 300;

/** How long a program that has just begun may take until all its processes work, ms: the first one accepts before that. */
const settling = 1000;

/** How long a load goes on before it is looked at, ms: programs and connections are made at its beginning. */
const beginning = 700;

/** How long connections are opened before it counts, ms: a program that has just begun has not compiled what it runs. */
export const warmUp = 3000;

/** All contenders that could be started, in front of one Redis. */
export class Arena implements AsyncDisposable {
  readonly #ends: AsyncDisposable[] = [];
  readonly #running: { readonly contender: Contender; readonly program: Program }[] = [];
  readonly ground: Ground;
  readonly #ca: string;
  readonly #say: (line: string) => void;
  readonly #samples = canSample();
  readonly #redis: number;

  private constructor(ground: Ground, ca: string, redis: number, say: (line: string) => void) {
    this.#say = say;
    this.ground = ground;
    this.#ca = ca;
    this.#redis = redis;
  }

  /** Starts everything; who cannot be started is left out, and said. */
  static async open(plan: TunnelPlan, say: (line: string) => void): Promise<Arena> {
    const folder = await mkdtemp(join(tmpdir(), "redoubt-tunnels-"));
    const authority = await createAuthority();
    const server = await startServer({
      listen: "both",
      password: false,
      authority,
      config: ["maxclients 4000"],
    });
    const issued = await authority.issue();
    const file = (name: string): string => join(folder, name);
    const ground: Ground = {
      folder,
      plainPort: server.port as number,
      tlsPort: server.tlsPort as number,
      caFile: file("ca.crt"),
      certFile: file("server.crt"),
      keyFile: file("server.key"),
      bothFile: file("both.pem"),
    };
    await writeFile(ground.caFile, authority.certificate);
    await writeFile(ground.certFile, issued.certificate);
    await writeFile(ground.keyFile, issued.key, { mode: 0o600 });
    await writeFile(ground.bothFile, issued.certificate + issued.key, { mode: 0o600 });
    const arena = new Arena(ground, authority.certificate, server.pid as number, say);
    arena.#ends.push({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }, server);
    for (const contender of contenders) {
      const wanted =
        plan.modes.includes(contender.mode) && (plan.only === null || plan.only.includes(contender.name));
      if (!wanted) continue;
      try {
        const program = await contender.start(ground);
        arena.#running.push({ contender, program });
        arena.#ends.push(program);
      } catch (error) {
        say(`${contender.name} (${contender.mode}) is left out: ${(error as Error).message}`);
      }
    }
    return arena;
  }

  /** Measures one shape in one mode with everybody, one after the other. */
  async *shape(mode: Mode, shape: LoadShape, round: number, duration: number): AsyncGenerator<Measured> {
    await this.#fill(shape.bytes);
    const base = { mode, shape: shape.name, round };
    const straight = {
      port: mode === "client" ? this.ground.tlsPort : this.ground.plainPort,
      caFile: mode === "client" ? this.ground.caFile : null,
    };
    const found = await timed(straight, shape, duration);
    yield { ...base, contender: direct, found, cpuPerMillion: Number.NaN, busy: null };
    for (const { contender, program } of this.#of(mode)) {
      const target = this.#target(mode, program);
      try {
        const commands = await calibrated(target, shape, duration);
        const before = program.cpu;
        const watched = watchBusy(program, this.#redis);
        const found = await runLoad(target, shape, commands);
        const busy = watched();
        const cpuPerMillion = ((program.cpu - before) / commands) * 1e6;
        yield { ...base, contender: contender.name, found, cpuPerMillion, busy };
      } catch (error) {
        this.#say(`${contender.name} (${mode}), ${shape.name}: ${(error as Error).message}`);
      }
    }
  }

  /** Where the time of one of ours goes in a load; looked at apart from measuring, because looking costs time. */
  async why(mode: Mode, name: string, shape: LoadShape, duration: number): Promise<TimeSpent> {
    await this.#fill(shape.bytes);
    const load = async (program: Program): Promise<void> => {
      await timed(this.#target(mode, program), shape, duration);
    };
    return this.#look(mode, name, ({ start }) => start, load, beginning, duration / 2);
  }

  /** The same for connections. */
  async whyConnects(mode: Mode, name: string, resumed: boolean, duration: number): Promise<TimeSpent> {
    const secure = mode === "terminator" ? trusting(this.#ca) : null;
    const load = async (program: Program): Promise<void> => {
      await runConnects(this.#target(mode, program), secure, resumed, warmUp + duration);
    };
    const startOf = ({ start, startUnresumed = start }: Contender): Start =>
      resumed ? start : startUnresumed;
    return this.#look(mode, name, startOf, load, warmUp, duration);
  }

  async #look(
    mode: Mode,
    name: string,
    startOf: (contender: Contender) => Start,
    load: (program: Program) => Promise<void>,
    lead: number,
    duration: number,
  ): Promise<TimeSpent> {
    const contender = contenders.find((one) => one.mode === mode && one.name === name);
    if (contender === undefined) throw new Error(`there is no ${name} (${mode})`);
    const start = startOf(contender);
    try {
      const settled = async (program: Program): Promise<void> => {
        await delay(settling);
        await load(program);
      };
      const profile = await profileUnder(start, this.ground, settled);
      if (!this.#samples) return { hotSpots: null, profile };
      await using program = await start(this.ground);
      await delay(settling);
      const loaded = load(program);
      await delay(lead);
      const hotSpots = await sample(program.pids, duration);
      await loaded;
      return { hotSpots, profile };
    } catch (error) {
      this.#say(`${name} (${mode}) was not looked at: ${(error as Error).message}`);
      return { hotSpots: null, profile: null };
    }
  }

  /** Connections a second and memory, with everybody, one after the other. */
  async *connects(mode: Mode, round: number, duration: number): AsyncGenerator<MeasuredConnects> {
    const secure = mode === "terminator" ? trusting(this.#ca) : null;
    for (const { contender, program } of this.#of(mode)) {
      try {
        const target = this.#target(mode, program);
        const fresh = await this.#withoutSessions(contender, program, secure, duration);
        const resumed = await this.#opened(program, target, secure, true, duration);
        const memory = await this.#memoryOf(contender, secure);
        yield {
          mode,
          contender: contender.name,
          round,
          connects: fresh.perSecond,
          connectsResumed: resumed.perSecond,
          cpuPerConnect: fresh.cpu,
          cpuPerConnectResumed: resumed.cpu,
          busy: fresh.busy,
          busyResumed: resumed.busy,
          memory,
        };
      } catch (error) {
        this.#say(`${contender.name} (${mode}), connections: ${(error as Error).message}`);
      }
    }
  }

  /** Of a program of its own: connections that are gone leave memory behind that others would use again. */
  async #memoryOf(contender: Contender, secure: SecureContext | null): Promise<number> {
    await using program = await contender.start(this.ground);
    await delay(settling);
    const target = this.#target(contender.mode, program);
    using _first = await holdOpen(target, secure, firstConnections);
    const before = program.memory;
    using _idle = await holdOpen(target, secure, idleConnections);
    return (program.memory - before) / idleConnections;
  }

  /** A tunnel that resumes its sessions is started once more, and told not to. */
  async #withoutSessions(
    { mode, startUnresumed }: Contender,
    program: Program,
    secure: SecureContext | null,
    duration: number,
  ): Promise<ConnectsMeasured> {
    if (mode === "terminator")
      return this.#opened(program, this.#target(mode, program), secure, false, duration);
    if (startUnresumed === undefined) return { perSecond: Number.NaN, cpu: Number.NaN, busy: null };
    await using other = await startUnresumed(this.ground);
    await delay(settling);
    // Awaited here: it ends with this block.
    return await this.#opened(other, this.#target(mode, other), null, false, duration);
  }

  async #opened(
    program: Program,
    target: LoadTarget,
    secure: SecureContext | null,
    resume: boolean,
    duration: number,
  ): Promise<ConnectsMeasured> {
    await runConnects(target, secure, resume, warmUp);
    const before = program.cpu;
    const watched = watchBusy(program, this.#redis);
    const { perSecond, connections } = await runConnects(target, secure, resume, duration);
    const busy = watched();
    return { perSecond, cpu: ((program.cpu - before) / connections) * 1000, busy };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.reverse()) await end[Symbol.asyncDispose]();
  }

  #of(mode: Mode) {
    return this.#running.filter(({ contender }) => contender.mode === mode);
  }

  #target(mode: Mode, { port }: Program): LoadTarget {
    return { port, caFile: mode === "terminator" ? this.ground.caFile : null };
  }

  async #fill(bytes: number): Promise<void> {
    const { connect } = await import("node:net");
    const socket = connect({ port: this.ground.plainPort, host: "127.0.0.1" });
    const value = "x".repeat(bytes);
    socket.write(
      `*3\r\n$3\r\nSET\r\n$${benchmarkKey.length}\r\n${benchmarkKey}\r\n$${bytes}\r\n${value}\r\n`,
    );
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
  }
}

interface ConnectsMeasured {
  readonly perSecond: number;
  /** ms for a connection. */
  readonly cpu: number;
  readonly busy: Busy | null;
}

/** How many commands take about so long. */
async function calibrated(target: LoadTarget, shape: LoadShape, duration: number): Promise<number> {
  // Connecting is part of a run: with many clients it must not be much of it.
  const least = shape.clients * shape.depth * 20;
  const { perSecond } = await runLoad(target, shape, Math.max(least, 2000));
  return Math.max(least, Math.round((perSecond * duration) / 1000));
}

async function timed(target: LoadTarget, shape: LoadShape, duration: number): Promise<LoadFound> {
  return runLoad(target, shape, await calibrated(target, shape, duration));
}
