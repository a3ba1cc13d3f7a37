import { setTimeout as sleep } from "node:timers/promises";
import type { LogLine, Services } from "@redoubt/services";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";
import { count } from "../../service/flags.ts";
import { oneOf } from "../../usage.ts";

interface Flags {
  readonly sortOrder: "asc" | "desc";
  readonly limit: number;
  readonly follow?: true;
  readonly json?: true;
}

/** Milliseconds between two looks of `--follow`. */
const pause = 500;

/** Adds `redoubt service logs`. */
export function addServiceLogs(service: Command, invocation: Invocation): void {
  service
    .command("logs <name>")
    .description("Show the newest lines of all logs of a service: servers, Sentinels, terminator, keeper.")
    .option(
      "-S, --sort-order <order>",
      "asc: the newest last; desc",
      oneOf("--sort-order", ["asc", "desc"]),
      "asc",
    )
    .option("-n, --limit <n>", "how many lines", count("--limit"), 100)
    .option("-f, --follow", "go on until Ctrl-C")
    .option("--json", "print JSON: a list; with --follow an object on each line")
    .action(async (name: string, flags: Flags) => {
      const services = await openHome(invocation);
      const order = flags.follow ? "asc" : flags.sortOrder;
      const { lines, offset } = await services.logs(name, { limit: flags.limit, order });
      if (flags.json && !flags.follow) invocation.output.json(lines);
      else for (const line of lines) print(line, flags, invocation);
      if (flags.follow) await follow(services, name, offset, flags, invocation);
      invocation.exitCode = invocation.signal.aborted ? exitCodes.interrupted : exitCodes.ok;
    });
}

async function follow(
  services: Services,
  name: string,
  from: string,
  flags: Flags,
  invocation: Invocation,
): Promise<void> {
  let offset = from;
  while (!invocation.signal.aborted) {
    const page = await services.logs(name, { limit: 1000, offset, order: "asc" });
    for (const line of page.lines) print(line, flags, invocation);
    offset = page.offset;
    // The interrupt ends the waiting, and is no failure here.
    if (page.lines.length === 0) await sleep(pause, null, { signal: invocation.signal }).catch(() => {});
  }
}

function print(line: LogLine, { json }: Flags, { output }: Invocation): void {
  if (json) return output.exact(JSON.stringify(line));
  const { time, hostname, unit, message } = line;
  output.line(
    `${time.padEnd(27)}${output.foreign(hostname)} ${output.foreign(unit)} ${output.foreign(message)}`,
  );
}
