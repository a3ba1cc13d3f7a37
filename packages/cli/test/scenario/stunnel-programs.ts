import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { execute, program, type Run } from "./redoubt.ts";

/** A program that runs a `stunnel.conf`: ours, and the real one as the measure of it. */
export interface StunnelProgram {
  readonly name: "redoubt tunnel" | "stunnel";
  readonly file: string;
  /** In front of the name of the configuration. */
  readonly words: readonly string[];
}

const ours: StunnelProgram = { name: "redoubt tunnel", file: process.execPath, words: [program, "tunnel"] };
const real: StunnelProgram = { name: "stunnel", file: "/usr/bin/stunnel4", words: [] };

/** Ours, and where it is installed stunnel itself. */
export const stunnelPrograms: readonly StunnelProgram[] = existsSync(real.file) ? [ours, real] : [ours];

/** A file that is being run. */
export interface RunningFile extends AsyncDisposable {
  readonly pid: number;
  /** What was written to both streams, before it went to the background. */
  output(): string;
  /** Sends a signal; resolves when the process has ended. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Runs a file, in the foreground or in the background as it says itself, and resolves when something listens there.
 * @param listens a port of this machine, or the path of a Unix socket
 * @param more arguments behind the file
 */
export async function runFile(
  { file, words, name }: StunnelProgram,
  configuration: string,
  listens: number | string,
  more: readonly string[] = [],
): Promise<RunningFile> {
  // A file, because `output = /dev/stderr` cannot be opened where that is a socket, as Node's pipes are.
  const log = `${configuration}.log`;
  const descriptor = openSync(log, "a");
  const child = spawn(file, [...words, configuration, ...more], {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", descriptor, descriptor],
  });
  closeSync(descriptor);
  const said = (): string => readFileSync(log, "utf8");
  const ended = once(child, "exit");
  let pid = child.pid as number;
  // A process that goes to the background ends before what it has started does.
  const isOver = (): boolean => child.exitCode !== null && child.exitCode !== 0;
  await until(`${name} listens`, () => isOver() || isListening(listens)).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw new Error(`${String(error)}: ${said()}`);
  });
  if (isOver()) throw new Error(`${name} ended with ${child.exitCode}: ${said()}`);
  // Ours listens from its first process on; others may still begin.
  const text = readFileSync(configuration, "utf8");
  if (name === "redoubt tunnel" && /^foreground\s*=\s*yes/im.test(text) && !/^\s*debug\s*=/im.test(text))
    await until(`${name} has begun`, () => isOver() || said().includes("Accepting new connections"));
  if (!/^\s*foreground\s*=\s*(?:yes|quiet)/im.test(text)) {
    await ended;
    pid = inBackground(said(), configuration);
  }
  const end = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    if (isRunning(pid)) process.kill(pid, signal);
    await until(`${name} ends`, () => !isRunning(pid));
    if (pid === child.pid) await ended;
  };
  return { pid, output: said, end, [Symbol.asyncDispose]: () => end("SIGKILL") };
}

/** Runs a file that cannot be run, to its end. */
export function refuseFile({ file, words }: StunnelProgram, configuration: string): Promise<Run> {
  return execute(file, [...words, configuration]);
}

/** Whether a process is there, and no zombie. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** The number of the user that a process is at the moment. */
export function userOf(pid: number): number {
  return Number(/^Uid:\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** Ours says its number; stunnel is looked for by its arguments. */
function inBackground(said: string, configuration: string): number {
  const told = /as process (\d+)/.exec(said)?.[1];
  if (told !== undefined) return Number(told);
  const found = readdirSync("/proc").find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "latin1").split("\0").includes(configuration);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`nothing runs ${configuration}: ${said}`);
  return Number(found);
}

function isListening(at: number | string): Promise<boolean> {
  const tried = (host: string): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = typeof at === "number" ? connect(at, host) : connect(at);
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
  return tried("127.0.0.1").then((found) => found || (typeof at === "number" && tried("::1")));
}

/** Resolves once something is so. @throws Error after a minute */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > limit) throw new Error(`not within a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A port that is free, and that no outgoing connection is given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    const server = createServer().listen(port, "0.0.0.0");
    const isFree = await new Promise((resolve) => {
      server.once("listening", () => resolve(true)).once("error", () => resolve(false));
    });
    server.close();
    if (isFree) return port;
  }
}

/** What is put in place of what. */
export interface Placing {
  /** For each `accept`, in the order of the file: the port, or the path of a socket. */
  readonly accept: readonly (number | string)[];
  /** For each `connect`. */
  readonly connect: readonly number[];
  /** Other parts of the text, by what they begin with: folders, users. */
  readonly others?: Readonly<Record<string, string>>;
}

/** Writes a configuration for this machine: other ports, `localhost` in place of names, other folders; nothing else changes. */
export function placeFile(
  from: string,
  to: string,
  { accept, connect: targets, others = {} }: Placing,
): void {
  let accepted = 0;
  let connected = 0;
  const found = Object.keys(others).map((what) => what.replace(/[.+*?^${}()|[\]\\]/g, "\\$&"));
  // In one pass: what was put in place is not to be replaced again.
  const moved = readFileSync(from, "latin1").replace(
    new RegExp(found.join("|") || "(?!)", "g"),
    (what) => others[what] ?? what,
  );
  const text = moved.replace(
    /^([ \t]*(accept|connect)[ \t]*=[ \t]*)([^\s]*)/gim,
    (_, before: string, option: string, value: string) => {
      const isAccept = option.toLowerCase() === "accept";
      const port = isAccept ? accept[accepted++] : targets[connected++];
      if (port === undefined) throw new Error(`${from}: no port for ${value}`);
      if (typeof port === "string") return before + port;
      const host = value.includes(":") ? value.slice(0, value.lastIndexOf(":")) : null;
      if (host === null) return `${before}${port}`;
      return `${before}${/^[\d.]+$/.test(host) ? (isAccept ? host : "127.0.0.1") : host.includes(":") ? host : "localhost"}:${port}`;
    },
  );
  writeFileSync(to, text, "latin1");
}
