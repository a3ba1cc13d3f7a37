import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A share of CPU time, percent. */
type Share = readonly [what: string, percent: number];

/** What the CPU time of a program was spent on, the largest share first. */
export interface HotSpots {
  readonly kinds: readonly Share[];
  /** Functions that took most of it; those of compiled JavaScript have no names here. */
  readonly functions: readonly Share[];
}

const mostFunctions = 6;
/** Of fewer samples nothing is told. */
const fewestSamples = 100;

/** Whether samples can be taken on this machine. */
export function canSample(): boolean {
  return spawnSync("perf", ["--version"]).status === 0;
}

/** What a sample belongs to, by the file and the symbol that it fell into; the first that fits. */
const kinds: readonly (readonly [what: string, fits: (file: string, symbol: string) => boolean])[] = [
  ["kernel", (file) => file.startsWith("[kernel")],
  [
    "TLS",
    (_file, symbol) =>
      /aes|gcm|ghash|chacha|sha\d|EVP_|SSL_|ssl3_|tls1|tls13|CRYPTO_|BIO_|OPENSSL|ossl|node::crypto|bn_|ecp_/i.test(
        symbol,
      ),
  ],
  [
    "memory",
    (_file, symbol) =>
      /malloc|free|realloc|memset|memmove|memcpy|Scaveng|Sweep|Marking|Collector|Heap|ArrayBuffer/.test(
        symbol,
      ),
  ],
  ["Node and libuv", (_file, symbol) => /node::|^uv_|uv__/.test(symbol)],
  ["JavaScript", (file, symbol) => /JIT|\.map|unknown|anon/.test(file) || /^Builtins_|v8::/.test(symbol)],
];

const run = promisify(execFile);

/**
 * Samples processes while they work.
 * @param duration ms
 * @returns null where nothing could be sampled, or too little
 */
export async function sample(pids: readonly number[], duration: number): Promise<HotSpots | null> {
  const folder = mkdtempSync(join(tmpdir(), "redoubt-perf-"));
  const file = join(folder, "data");
  try {
    const seconds = String(duration / 1000);
    await run("perf", [
      "record",
      "-q",
      "-e",
      "cpu-clock",
      "-F",
      "499",
      "-o",
      file,
      "-p",
      pids.join(","),
      "--",
      "sleep",
      seconds,
    ]);
    const report = [
      "report",
      "-i",
      file,
      "--no-children",
      "--show-nr-samples",
      "--sort",
      "dso,symbol",
      "--stdio",
      "-q",
      "-t",
      "|",
    ];
    const { stdout } = await run("perf", report, { maxBuffer: 64 * 1024 * 1024 });
    return shares(stdout);
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function shares(report: string): HotSpots | null {
  const sums = new Map<string, number>();
  const functions: Share[] = [];
  let samples = 0;
  for (const line of report.split("\n")) {
    const [percent = "", count = "", file = "", symbol = ""] = line.split("|").map((cell) => cell.trim());
    const share = Number.parseFloat(percent);
    if (Number.isNaN(share)) continue;
    samples += Number(count);
    const what = kinds.find(([, fits]) => fits(file, symbol))?.[0] ?? "other";
    sums.set(what, (sums.get(what) ?? 0) + share);
    const name = symbol.replace(/^\[.\] /, "").replace(/\(.*/, "");
    if (!/^0x|^$/.test(name) && functions.length < mostFunctions) functions.push([name, share]);
  }
  if (samples < fewestSamples) return null;
  return { kinds: [...sums].sort(([, one], [, other]) => other - one), functions };
}
