import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { program } from "./redoubt.ts";

/** A running `redoubt tunnel`. */
export interface TunnelProcess extends AsyncDisposable {
  readonly pid: number;
  /** Where it listens, line by line as it was printed. */
  readonly addresses: readonly string[];
  /** Port of the first address; NaN for a Unix socket. */
  readonly port: number;
  /** All that was printed so far, both streams. */
  output(): string;
  /** Sends a signal and resolves with the exit code; null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts `redoubt tunnel` on a free port and resolves when it listens.
 * @param words further arguments
 * @param to written to stdin
 */
export async function startTunnel(
  words: readonly string[],
  to: string,
  environment: Readonly<Record<string, string>> = {},
  listen: readonly string[] = ["127.0.0.1:0"],
): Promise<TunnelProcess> {
  const child = spawn(
    process.execPath,
    [program, "tunnel", "--to", "-", "--timeout", "30000", "--listen", ...listen, ...words],
    {
      env: { PATH: process.env["PATH"], ...environment },
    },
  );
  child.stdin.on("error", () => {});
  child.stdin.end(to);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const closed = once(child, "close");
  while (stdout.split("\n").length <= listen.length) {
    const end = await Promise.race([once(child.stdout, "data"), closed.then(() => null)]);
    if (end === null) throw new Error(`the tunnel ended: ${stderr}`);
  }
  const addresses = stdout.trim().split("\n").slice(0, listen.length);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (isRunning(child)) child.kill(signal);
    await closed;
    return child.exitCode;
  };
  return {
    pid: child.pid as number,
    addresses,
    port: Number(/:(\d+)$/.exec(addresses[0] ?? "")?.[1]),
    output: () => stdout + stderr,
    end,
    [Symbol.asyncDispose]: async () => void (await end("SIGKILL")),
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
