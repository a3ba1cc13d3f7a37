import { readFile, statfs } from "node:fs/promises";
import { freemem, loadavg, platform, totalmem } from "node:os";
import type { ControlConnection } from "@redoubt/server";
import type { Sample } from "./series.ts";

/** Numbers that only grow, of which the difference between two looks is taken. */
interface Counters {
  /** ms since some moment in the past */
  readonly at: number;
  /** To know when the server was started again. */
  readonly run: string;
  readonly cpuSeconds: number;
  readonly received: number;
  readonly sent: number;
  /** null where the system does not tell. */
  readonly disk: { readonly read: number; readonly written: number } | null;
}

/**
 * Measures one server again and again: `INFO` of the server, `/proc` of Linux for its disk, and the file system. Rates have no value
 * the first time, and after the server was started again.
 */
export class Sampler {
  readonly #folder: string;
  #before: Counters | null = null;

  /** @param folder that holds the data of the server */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** One measurement. @throws Error when the server does not answer */
  async sample(control: Pick<ControlConnection, "call">): Promise<Sample> {
    const info = infoFields(await control.call("INFO", "everything"));
    const now = await countersOf(info);
    const before = this.#before?.run === now.run ? this.#before : null;
    this.#before = now;
    const rate = (of: (counters: Counters) => number | undefined): number | null => {
      const [last, first] = [of(now), before === null ? undefined : of(before)];
      const seconds = before === null ? 0 : (now.at - before.at) / 1000;
      return last === undefined || first === undefined || seconds <= 0
        ? null
        : Math.max(0, (last - first) / seconds);
    };
    const cpu = rate(({ cpuSeconds }) => cpuSeconds);
    return {
      cpu_usage: cpu === null ? null : cpu * 100,
      mem_usage: memoryUsage(info),
      disk_usage: await diskUsage(this.#folder),
      disk_ioread: rate(({ disk }) => disk?.read),
      disk_iowrites: rate(({ disk }) => disk?.written),
      // Windows has none and says 0.
      load_average: platform() === "win32" ? null : (loadavg()[0] ?? null),
      net_receive: rate(({ received }) => received),
      net_send: rate(({ sent }) => sent),
    };
  }
}

/** The fields of a reply of `INFO`. */
export function infoFields(reply: unknown): Readonly<Record<string, string>> {
  const lines = String(reply).split("\r\n");
  return Object.fromEntries(
    lines.flatMap((line) => (/^[^#:]+:/.test(line) ? [line.split(/:(.*)/s, 2)] : [])),
  );
}

async function countersOf(info: Readonly<Record<string, string>>): Promise<Counters> {
  const sum = (...names: string[]): number =>
    names.reduce((total, name) => total + Number(info[name] ?? 0), 0);
  return {
    at: performance.now(),
    run: info["run_id"] ?? "",
    // Those of children are added when a child has ended: a snapshot then looks like a peak of one moment.
    cpuSeconds: sum("used_cpu_sys", "used_cpu_user"),
    received: sum("total_net_input_bytes", "total_net_repl_input_bytes"),
    sent: sum("total_net_output_bytes", "total_net_repl_output_bytes"),
    disk: await diskOf(info["process_id"]),
  };
}

/** What a process had read from disk and written to it (proc(5), `/proc/pid/io`). */
async function diskOf(pid: string | undefined): Promise<Counters["disk"]> {
  const text = await readFile(`/proc/${pid}/io`, "utf8").catch(() => null);
  const [read, written] = ["read_bytes", "write_bytes"].map((name) =>
    Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(text ?? "")?.[1] ?? Number.NaN),
  ) as [number, number];
  return Number.isNaN(read) || Number.isNaN(written) ? null : { read, written };
}

function memoryUsage(info: Readonly<Record<string, string>>): number | null {
  const used = Number(info["used_memory"] ?? Number.NaN);
  const limit = Number(info["maxmemory"] ?? 0);
  if (Number.isNaN(used)) return null;
  return limit > 0 ? (used / limit) * 100 : ((totalmem() - freemem()) / totalmem()) * 100;
}

/** As `df` counts it: of what this user could use. */
async function diskUsage(folder: string): Promise<number | null> {
  try {
    const { blocks, bfree, bavail } = await statfs(folder);
    const used = blocks - bfree;
    return used + bavail === 0 ? null : (used / (used + bavail)) * 100;
  } catch {
    return null;
  }
}
