import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { processSeconds, statFields } from "../probes/cpu.ts";

/** How long a program may take to end in order, ms. */
const patience = 5000;

/** Runs a program that the kernel ends when this process is killed; it stays the same process. */
const bound: readonly string[] =
  spawnSync("setpriv", ["--pdeathsig", "KILL", "true"]).status === 0
    ? ["setpriv", "--pdeathsig", "KILL"]
    : [];

const running = new Set<Program>();
process.once("exit", () => {
  for (const program of running) program.kill();
});

/** A program that runs, with its children. It ends with this process, however that ends. */
export class Program implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    running.add(this);
    child.once("close", () => running.delete(this));
  }

  /**
   * Starts it, and waits until it accepts connections on its port.
   * @throws Error with its last words when it does not
   */
  static async start(file: string, words: readonly string[], port: number): Promise<Program> {
    const [first = file, ...others] = [...bound, file, ...words];
    const child = spawn(first, others, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => {
        said = (said + part.toString()).slice(-2000);
      });
    const program = new Program(child, port);
    const until = performance.now() + 10_000;
    while (performance.now() < until && child.exitCode === null) {
      if (await accepts(port)) return program;
      await delay(50);
    }
    program.kill();
    throw new Error(`${file} does not accept connections: ${said}`);
  }

  /** CPU that it and its children have used so far, seconds. */
  get cpu(): number {
    return this.pids.reduce((sum, pid) => sum + (processSeconds(pid) || 0), 0);
  }

  /** Memory that it and its children hold, bytes; what they share counts once. */
  get memory(): number {
    return this.pids.reduce((sum, pid) => sum + memoryOf(pid), 0);
  }

  /** It and its children. */
  get pids(): readonly number[] {
    const parents = new Map<number, number>();
    for (const name of readdirSync("/proc")) {
      const parent = /^\d+$/.test(name) ? statFields(Number(name))[1] : undefined;
      if (parent !== undefined) parents.set(Number(name), Number(parent));
    }
    const found = this.#child.pid === undefined ? [] : [this.#child.pid];
    for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
    return found;
  }

  /** Ends it at once, with its children. */
  kill(): void {
    for (const pid of this.pids) kill(pid);
  }

  /** Lets it end in order, as far as it does that in time. */
  async end(): Promise<void> {
    this.#child.kill("SIGTERM");
    await Promise.race([this.#gone(), delay(patience)]);
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#gone();
  }

  async #gone(): Promise<void> {
    if (running.has(this)) await once(this.#child, "close");
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It went with its parent.
  }
}

function memoryOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
