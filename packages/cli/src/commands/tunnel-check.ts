import { checkStunnel, type StunnelReport, type StunnelSectionReport } from "@redoubt/tunnel";
import type { Command } from "commander";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { describeFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import type { Output } from "../output.ts";
import { existing } from "./tunnel-file.ts";

const examples = `
Exit code 2 says that the file cannot be run, 3 that there are findings of severity
"warning" or "error".

Examples:
  redoubt tunnel check stunnel.conf
  redoubt tunnel check --json /etc/stunnel/redis.conf`;

/** Adds `redoubt tunnel check`: what a `stunnel.conf` does and does not verify, without starting it. */
export function addTunnelCheck(tunnel: Command, invocation: Invocation): void {
  tunnel
    .command("check <file>")
    .description("Say of each section of a stunnel.conf what is and is not verified.")
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action((file: string, { json }: { readonly json?: true }) => {
      const report = checkStunnel({ file: existing(file) });
      if (json) invocation.output.json({ ...report, problems: report.problems.map(describeFailure) });
      else printReport(report, invocation.output);
      invocation.exitCode = verdict(report);
    });
}

function verdict({ problems, sections }: StunnelReport): ExitCode {
  if (problems.length > 0) return exitCodes.usage;
  const grave = sections.some(({ findings }) => findings.some(({ severity }) => severity !== "info"));
  return grave ? exitCodes.findings : exitCodes.ok;
}

function printReport({ sections, problems }: StunnelReport, output: Output): void {
  for (const { code, message, hint } of problems) {
    output.line(`${output.paint("bad", "cannot be run")}  ${code}`);
    output.line(`  ${output.foreign(message)}`);
    output.line(`  ${output.paint("faint", "fix")}  ${output.foreign(hint)}\n`);
  }
  for (const section of sections) printSection(section, output);
}

function printSection(section: StunnelSectionReport, output: Output): void {
  const { name, mode, accept, connect, summary, findings } = section;
  const [from, to] = mode === "client" ? ["plain", "TLS"] : ["TLS", "plain"];
  output.line(output.foreign(`[${name}]  ${from} ${accept.join(", ")} -> ${to} ${connect.join(", ")}`));
  output.line(`  ${output.foreign(summary)}`);
  if (findings.length === 0) output.line(`\n  ${output.paint("good", "ok")}  Nothing found.`);
  for (const { code, severity, message, lines, fix } of findings) {
    const style = severity === "error" ? "bad" : severity === "warning" ? "warn" : "faint";
    output.line(`\n  ${output.paint(style, severity)}  ${code}`);
    output.line(`    ${output.foreign(message)}`);
    if (lines.length > 0) output.line(`    ${output.paint("faint", `add to [${output.foreign(name)}]`)}`);
    for (const line of lines) output.line(`      ${output.foreign(line)}`);
    if (fix !== "") output.line(`    ${output.paint("faint", "fix")}  ${output.foreign(fix)}`);
  }
  output.line();
}
