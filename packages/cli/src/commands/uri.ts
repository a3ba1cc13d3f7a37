import {
  type Dialect,
  describeTarget,
  type FormatName,
  format,
  formatNames,
  type Target,
} from "@redoubt/client";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { noteWarnings } from "../notices.ts";
import { columns, type Output } from "../output.ts";
import { dialects, readTarget, sourceHelp } from "../source.ts";
import { descriptionRows } from "../summary.ts";
import { oneOf } from "../usage.ts";
import { addUriCheck } from "./uri-check.ts";

interface UriFlags {
  readonly to?: FormatName;
  readonly from?: Dialect;
  readonly reveal?: boolean;
  readonly json?: true;
}

const examples = `
${sourceHelp}

Examples:
  redoubt uri 'cache.example.com:6380,password=…,ssl=True'
  redoubt uri - --to url --reveal < connection-string.txt
  redoubt uri --to stunnel                         what REDIS_URL names
  redoubt uri --json -- -h cache.example.com -p 6380 --tls`;

/** Adds `redoubt uri`: says what a connection string means, and writes it in another dialect. */
export function addUri(program: Command, invocation: Invocation): void {
  const command = program
    .command("uri [string...]")
    .usage("[options] [connection string]")
    .summary("Say what a connection string means, or convert it.")
    .description("Say what a connection string means, or convert it; the password is masked.")
    .option("--to <dialect>", `write it as one of: ${formatNames.join(", ")}`, oneOf("--to", formatNames))
    .option("--from <dialect>", `read it as one of: ${dialects.join(", ")}`, oneOf("--from", dialects))
    .option("--reveal", "show the password")
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    // Options after the subcommand's name are the subcommand's.
    .enablePositionalOptions()
    .helpCommand(false)
    .action(async (words: string[], flags: UriFlags) => {
      const target = await readTarget({ words, ...(flags.from && { from: flags.from }) }, invocation);
      print(target, flags, invocation.output);
      invocation.exitCode = exitCodes.ok;
    });
  addUriCheck(command, invocation);
}

function print(target: Target, { to, json, reveal = false }: UriFlags, output: Output): void {
  const description = describeTarget(target, { reveal });
  if (to !== undefined) {
    const text = format(target, to, { reveal });
    if (json) output.json({ to, text, target: description });
    else output.exact(text);
  } else if (json) output.json(description);
  else output.line(columns(descriptionRows(description)));
  if (!json) noteWarnings(target, output);
}
