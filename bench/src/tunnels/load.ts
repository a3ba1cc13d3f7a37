import { spawn } from "node:child_process";
import { once } from "node:events";
import type { LoadShape } from "./shape.ts";

/** What one run of redis-benchmark found. Times are milliseconds. */
export interface LoadFound {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly commands: number;
}

/** Where the load goes. */
export interface LoadTarget {
  readonly port: number;
  /** CA of a port that speaks TLS; null: plain text. */
  readonly caFile: string | null;
}

/** How long one run may take, ms. */
const limit = 60_000;

/**
 * Runs redis-benchmark, which costs little and is the same for everybody: GET of one value.
 * @throws Error with its words when it fails
 */
export async function runLoad(target: LoadTarget, shape: LoadShape, commands: number): Promise<LoadFound> {
  const { clients, depth } = shape;
  const words = ["-h", "127.0.0.1", "-p", String(target.port), "-c", String(clients), "-P", String(depth)];
  const tls = target.caFile === null ? [] : ["--tls", "--cacert", target.caFile];
  const child = spawn("redis-benchmark", [...words, "-n", String(commands), ...tls, "--csv", "-t", "get"], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limit,
    killSignal: "SIGKILL",
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part: Buffer) => (said += part.toString()));
  await once(child, "close");
  const row = /^"GET","([\d.]+)","[\d.]+","[\d.]+","([\d.]+)","[\d.]+","([\d.]+)"/m.exec(said);
  if (row === null) throw new Error(`redis-benchmark: ${said.slice(-300)}`);
  return { perSecond: Number(row[1]), p50: Number(row[2]), p99: Number(row[3]), commands };
}
