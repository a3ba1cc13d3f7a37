import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SecureContext } from "node:tls";
import { createAuthority, startServer } from "@redoubt/server";
import { holdOpen, runConnects, trusting } from "./connects.ts";
import { type Contender, contenders, type Ground, type Mode } from "./contender.ts";
import { canSample, type HotSpots, sample } from "./hot-spots.ts";
import { type LoadFound, type LoadTarget, runLoad } from "./load.ts";
import type { Program } from "./program.ts";
import { benchmarkKey, type LoadShape } from "./shape.ts";

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
  /** What one of ours spent its time on, in a further run; null where that was not looked at. */
  readonly hotSpots: HotSpots | null;
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
  /** Memory for each of many idle connections, bytes. */
  readonly memory: number;
}

/** The name of the load without anything in between. */
export const direct = "direct";

const idleConnections = 300;

/** All contenders that could be started, in front of one Redis. */
export class Arena implements AsyncDisposable {
  readonly #ends: AsyncDisposable[] = [];
  readonly #running: { readonly contender: Contender; readonly program: Program }[] = [];
  readonly ground: Ground;
  readonly #ca: string;
  readonly #say: (line: string) => void;
  readonly #samples = canSample();

  private constructor(ground: Ground, ca: string, say: (line: string) => void) {
    this.#say = say;
    this.ground = ground;
    this.#ca = ca;
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
    const arena = new Arena(ground, authority.certificate, say);
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
    yield {
      ...base,
      contender: direct,
      found: await timed(straight, shape, duration),
      cpuPerMillion: Number.NaN,
      hotSpots: null,
    };
    for (const { contender, program } of this.#of(mode)) {
      const target = this.#target(mode, program);
      try {
        const commands = await calibrated(target, shape, duration);
        const before = program.cpu;
        const found = await runLoad(target, shape, commands);
        const cpuPerMillion = ((program.cpu - before) / commands) * 1e6;
        const looks = contender.ours && round === 1 && this.#samples;
        const hotSpots = looks ? await hotSpotsOf(program, target, shape, commands, duration) : null;
        yield { ...base, contender: contender.name, found, cpuPerMillion, hotSpots };
      } catch (error) {
        this.#say(`${contender.name} (${mode}), ${shape.name}: ${(error as Error).message}`);
      }
    }
  }

  /** Connections a second and memory, with everybody, one after the other. */
  async *connects(mode: Mode, round: number, duration: number): AsyncGenerator<MeasuredConnects> {
    const secure = mode === "terminator" ? trusting(this.#ca) : null;
    for (const { contender, program } of this.#of(mode)) {
      try {
        const target = this.#target(mode, program);
        const fresh = await this.#withoutSessions(contender, program, secure, duration);
        const resumed = await connectsOf(program, target, secure, true, duration);
        const before = program.memory;
        using _open = await holdOpen(target, secure, idleConnections);
        const memory = (program.memory - before) / idleConnections;
        yield {
          mode,
          contender: contender.name,
          round,
          connects: fresh.perSecond,
          connectsResumed: resumed.perSecond,
          cpuPerConnect: fresh.cpu,
          cpuPerConnectResumed: resumed.cpu,
          memory,
        };
      } catch (error) {
        this.#say(`${contender.name} (${mode}), connections: ${(error as Error).message}`);
      }
    }
  }

  /** A tunnel that resumes its sessions is started once more, and told not to. */
  async #withoutSessions(
    { mode, startUnresumed }: Contender,
    program: Program,
    secure: SecureContext | null,
    duration: number,
  ): Promise<ConnectsMeasured> {
    if (mode === "terminator")
      return connectsOf(program, this.#target(mode, program), secure, false, duration);
    if (startUnresumed === undefined) return { perSecond: Number.NaN, cpu: Number.NaN };
    await using other = await startUnresumed(this.ground);
    // Awaited here: it ends with this block.
    return await connectsOf(other, this.#target(mode, other), null, false, duration);
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
}

async function connectsOf(
  program: Program,
  target: LoadTarget,
  secure: SecureContext | null,
  resume: boolean,
  duration: number,
): Promise<ConnectsMeasured> {
  const before = program.cpu;
  const { perSecond, connections } = await runConnects(target, secure, resume, duration);
  return { perSecond, cpu: ((program.cpu - before) / connections) * 1000 };
}

/** How many commands take about so long. */
async function calibrated(target: LoadTarget, shape: LoadShape, duration: number): Promise<number> {
  // Connecting is part of a run: with many clients it must not be much of it.
  const least = shape.clients * shape.depth * 20;
  const { perSecond } = await runLoad(target, shape, Math.max(least, 2000));
  return Math.max(least, Math.round((perSecond * duration) / 1000));
}

/** Samples the program while it has the same load again. */
async function hotSpotsOf(
  program: Program,
  target: LoadTarget,
  shape: LoadShape,
  commands: number,
  duration: number,
): Promise<HotSpots | null> {
  const [hotSpots] = await Promise.all([
    sample(program.pids, duration),
    runLoad(target, shape, commands * 2),
  ]);
  return hotSpots;
}

async function timed(target: LoadTarget, shape: LoadShape, duration: number): Promise<LoadFound> {
  return runLoad(target, shape, await calibrated(target, shape, duration));
}
