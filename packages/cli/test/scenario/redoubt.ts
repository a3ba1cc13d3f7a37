import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built program; `npm test` builds it before. */
export const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

if (!existsSync(program)) throw new Error(`${program} is not there: build first (npm run build).`);

export interface RunOptions {
  /** Added to an environment that has only the PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What stdin holds, or `open` for one that says nothing and does not end. Default: nothing. */
  readonly stdin?: string | Buffer;
  /** Typed on stdin as soon as this text has come out of stdout. */
  readonly answer?: { readonly to: string; readonly with: string };
  /** Ends the program, ms. Default 60 000. */
  readonly deadline?: number;
  /** Called when the program runs, for example to send it a signal. */
  readonly meanwhile?: (pid: number) => void | Promise<void>;
}

export interface Run {
  /** Exit code; -1 when a signal ended the program. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Runs the built `redoubt` with these arguments, without a terminal. */
export function redoubt(words: readonly string[], options: RunOptions = {}): Promise<Run> {
  return execute(process.execPath, [program, ...words], options);
}

/** Runs any program as {@link redoubt} does. */
export async function execute(
  file: string,
  words: readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  const { environment = {}, answer, stdin = answer ? "open" : "", deadline = 60_000, meanwhile } = options;
  const started = performance.now();
  const child = spawn(file, words, {
    env: { PATH: process.env["PATH"], ...environment },
    timeout: deadline,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // The program may end without reading.
  child.stdin.on("error", () => {});
  if (stdin !== "open") child.stdin.end(stdin);
  const typeAnswer = () => {
    if (answer === undefined || !stdout.includes(answer.to)) return;
    child.stdout.off("data", typeAnswer);
    child.stdin.write(answer.with);
  };
  child.stdout.on("data", typeAnswer);
  const ended = once(child, "close");
  if (meanwhile !== undefined && child.pid !== undefined) await meanwhile(child.pid);
  const [code] = (await ended) as [number | null];
  return { code: code ?? -1, stdout, stderr, ms: performance.now() - started };
}
