import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A program that runs, with its children. */
export class Program implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /**
   * Starts it, and waits until it accepts connections on its port.
   * @throws Error with its last words when it does not
   */
  static async start(file: string, words: readonly string[], port: number): Promise<Program> {
    const child = spawn(file, words, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => {
        said = (said + part.toString()).slice(-2000);
      });
    const until = performance.now() + 10_000;
    while (performance.now() < until && child.exitCode === null) {
      if (await accepts(port)) return new Program(child, port);
      await delay(50);
    }
    child.kill("SIGKILL");
    throw new Error(`${file} does not accept connections: ${said}`);
  }

  /** CPU that it and its children have used so far, seconds. */
  get cpu(): number {
    return this.#tree().reduce((sum, pid) => sum + secondsOf(pid), 0);
  }

  /** Memory that it and its children hold, bytes; what they share counts once. */
  get memory(): number {
    return this.#tree().reduce((sum, pid) => sum + memoryOf(pid), 0);
  }

  /** It and its children. */
  get pids(): readonly number[] {
    return this.#tree();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const tree = this.#tree();
    const gone = once(this.#child, "close");
    for (const pid of tree) kill(pid);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await gone;
  }

  #tree(): number[] {
    const parents = new Map<number, number>();
    for (const name of readdirSync("/proc")) {
      const parent = fieldsOf(Number(name))[1];
      if (parent !== undefined) parents.set(Number(name), Number(parent));
    }
    const found = [this.#child.pid as number];
    for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
    return found;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It went with its parent.
  }
}

/** Fields of `/proc/PID/stat` behind the name, which may hold spaces: state, parent, … */
function fieldsOf(pid: number): string[] {
  if (!Number.isInteger(pid)) return [];
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

/** USER_HZ, 100 on every Linux. */
const ticks = 100;

function secondsOf(pid: number): number {
  const fields = fieldsOf(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticks;
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
