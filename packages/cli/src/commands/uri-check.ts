import { type Dialect, describeTarget, type Finding, lint } from "@redoubt/client";
import type { Command } from "commander";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import type { Output } from "../output.ts";
import { dialects, readTarget, sourceHelp } from "../source.ts";
import { summary } from "../summary.ts";
import { oneOf } from "../usage.ts";

interface CheckFlags {
  readonly from?: Dialect;
  readonly json?: true;
}

const examples = `
${sourceHelp}

Exit code 3 says that there are findings of severity "warning" or "error".

Examples:
  redoubt uri check 'redis://cache.example.com'
  redoubt uri check --json - < connection-string.txt`;

/** Adds `redoubt uri check`: weak points of a connection string, without connecting. */
export function addUriCheck(uri: Command, invocation: Invocation): void {
  uri
    .command("check [string...]")
    .usage("[options] [connection string]")
    .description("Look for weak points of a connection string, without connecting.")
    .option("--from <dialect>", `read it as one of: ${dialects.join(", ")}`, oneOf("--from", dialects))
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action(async (words: string[], _flags: CheckFlags, command: Command) => {
      // `redoubt uri --json check` means the same as `redoubt uri check --json`.
      const { from, json } = command.optsWithGlobals<CheckFlags>();
      const target = await readTarget({ words, ...(from && { from }) }, invocation);
      const findings = lint(target);
      if (json) invocation.output.json({ findings, target: describeTarget(target) });
      else printFindings(findings, summary(describeTarget(target)), invocation.output);
      invocation.exitCode = verdict(findings);
    });
}

function verdict(findings: readonly Finding[]): ExitCode {
  return findings.some(({ severity }) => severity !== "info") ? exitCodes.findings : exitCodes.ok;
}

function printFindings(findings: readonly Finding[], heading: string, output: Output): void {
  output.line(heading);
  if (findings.length === 0) output.line(`\n  ${output.paint("good", "ok")}  Nothing found.`);
  for (const { code, severity, message, position, fix } of findings) {
    const place = position === null ? "" : output.paint("faint", ` at position ${position}`);
    const style = severity === "error" ? "bad" : severity === "warning" ? "warn" : "faint";
    output.line(`\n  ${output.paint(style, severity)}  ${code}${place}`);
    output.line(`    ${output.foreign(message)}`);
    output.line(`    ${output.paint("faint", "fix")}  ${output.foreign(fix)}`);
  }
}
