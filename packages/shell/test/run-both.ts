import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { RedoubtError } from "@redoubt/client";
import { runShell } from "../src/run.ts";
import type { World } from "../src/world.ts";

/** What a program printed, and how it ended. Texts hold one character for each byte. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the program when its stdout holds this. */
  readonly until?: string;
  readonly world?: Partial<World>;
}

/** Gathers what is written to it. */
class Sink {
  readonly stream = new PassThrough();
  text = "";

  constructor(told: (text: string) => void = () => {}) {
    this.stream.on("data", (chunk: Buffer) => {
      this.text += chunk.toString("latin1");
      told(this.text);
    });
  }
}

/** Runs the shell in this process, without a terminal. A failure has the code -1 and is in stderr. */
export async function shell(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { stdin = "", environment = {}, until, world = {} } = options;
  const interrupt = new AbortController();
  const stdout = new Sink((text) => {
    if (until !== undefined && text.includes(until)) interrupt.abort();
  });
  const stderr = new Sink();
  let code = -1;
  try {
    code = await runShell(argv, {
      stdin: Readable.from([Buffer.from(stdin)]) as NodeJS.ReadStream,
      stdout: stdout.stream as unknown as NodeJS.WriteStream,
      stderr: stderr.stream as unknown as NodeJS.WriteStream,
      environment,
      signal: interrupt.signal,
      version: "0.0.0",
      ...world,
    });
  } catch (error) {
    if (!(error instanceof RedoubtError)) throw error;
    stderr.text += `${error.code}: ${error.message}\n`;
  }
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** Runs the real redis-cli. */
export async function redisCli(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { stdin = "", environment = {}, until } = options;
  const child = spawn("redis-cli", argv, {
    env: { PATH: process.env["PATH"], ...environment },
    timeout: 30_000,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    stdout += text;
    if (until !== undefined && stdout.includes(until)) child.kill("SIGKILL");
  });
  child.stderr.setEncoding("latin1").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, stdout, stderr };
}
