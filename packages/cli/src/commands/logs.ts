import type { LogLine } from "@redoubt/apphost";
import type { Command } from "commander";
import { type AppFlag, addAppFlag, chosenApp } from "../apphost/running.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { count } from "../service/flags.ts";

interface Flags extends AppFlag {
  readonly limit: number;
  readonly follow?: true;
  readonly timestamps?: true;
  readonly json?: true;
}

/** Adds `redoubt logs`. */
export function addLogs(program: Command, invocation: Invocation): void {
  const command = program
    .command("logs [resource]")
    .summary("Show what resources of a running app have written.")
    .description("Show what the resources of a running app have written; secrets are masked.")
    .option("-n, --limit <n>", "how many lines, the newest ones", count("--limit"), 100)
    .option("-f, --follow", "go on until Ctrl-C or the end of the app")
    .option("-t, --timestamps", "the time in front of each line")
    .option("--json", "print JSON: an object on each line");
  addAppFlag(command).action(async (resource: string | undefined, flags: Flags) => {
    const { app } = await chosenApp(flags, invocation);
    const { signal } = invocation;
    const lines = app.logs(resource, { tail: flags.limit, follow: flags.follow === true, signal });
    try {
      for await (const line of lines) print(line, flags, invocation);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    invocation.exitCode = signal.aborted ? exitCodes.interrupted : exitCodes.ok;
  });
}

function print(line: LogLine, { json, timestamps }: Flags, { output }: Invocation): void {
  if (json) return output.exact(JSON.stringify(line));
  const { time, resource, text } = line;
  output.line(`${timestamps ? `${time} ` : ""}${output.paint("strong", resource)} | ${output.foreign(text)}`);
}
