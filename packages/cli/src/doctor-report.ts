import type { DoctorFinding, DoctorFix, DoctorResult, Latency, Observation } from "@redoubt/network";
import { columns, type Output } from "./output.ts";
import { stageLine } from "./report.ts";
import { summary } from "./summary.ts";

/** Prints an examination for people: stages, what was seen, findings with their fixes, the verdict last. */
export function printDoctorResult(result: DoctorResult, output: Output): void {
  const { target, stages, observations, findings, latency, verdict } = result;
  output.line(`${summary(target)}\n`);
  let endpoint = "";
  for (const stage of stages) {
    if (stage.endpoint !== endpoint && target.endpoints.length > 1)
      output.line(`  ${output.foreign(stage.endpoint)}`);
    endpoint = stage.endpoint;
    output.line(stageLine(stage, output));
  }
  output.line();
  for (const line of observationLines(observations, output)) output.line(line);
  if (latency !== null) printLatency(latency, output);
  output.line();
  for (const finding of findings) printFinding(finding, output);
  output.line(
    output.paint(
      verdict.state === "healthy" ? "good" : verdict.connected ? "warn" : "bad",
      output.foreign(verdict.summary),
    ),
  );
}

function observationLines(observations: readonly Observation[], output: Output): string[] {
  const width = Math.min(44, Math.max(0, ...observations.map(({ subject }) => subject.length)));
  return observations.map(({ area, subject, detail, ok, ms }) => {
    const time = ms === null ? "" : `  ${ms.toFixed(1)} ms`;
    const text = `  ${area.padEnd(7)}  ${output.foreign(subject).padEnd(width)}  ${output.foreign(detail)}${time}`;
    return ok === false ? output.paint("bad", text) : text;
  });
}

function printLatency({ samples, median, p99, max, histogram }: Latency, output: Output): void {
  output.line(
    `\n  PING    ${samples} times: median ${median.toFixed(2)} ms, 99 % within ${p99.toFixed(2)} ms, longest ${max.toFixed(2)} ms`,
  );
  const most = Math.max(...histogram.map(({ count }) => count));
  for (const { upTo, count } of histogram) {
    if (count === 0) continue;
    const label = upTo === null ? "longer" : `to ${upTo} ms`;
    output.line(`  ${label.padStart(11)}  ${"#".repeat(Math.ceil((count / most) * 40))} ${count}`);
  }
}

function printFinding({ id, severity, title, evidence, fixes, page }: DoctorFinding, output: Output): void {
  const style = severity === "error" ? "bad" : severity === "warning" ? "warn" : "faint";
  output.line(`${output.paint(style, severity)}  ${output.paint("strong", title)}  ${id}`);
  for (const line of evidence) output.line(`  ${output.foreign(line)}`);
  for (const [at, fix] of fixes.entries()) {
    output.line(
      `  ${output.paint("good", fixes.length > 1 ? `fix ${at + 1}` : "fix")}  ${output.foreign(fix.says)}`,
    );
    const rows = fixRows(fix);
    if (rows.length > 0)
      output.line(columns(rows.map(([label, text]) => [`    ${label}`, output.foreign(text)])));
  }
  output.line(`  more  docs/${page}\n`);
}

function fixRows({ command, before, after }: DoctorFix): (readonly [string, string])[] {
  return (
    [
      ["run", command],
      ["before", before],
      ["after", after],
    ] as const
  ).flatMap(([label, text]) => (text === null ? [] : [[label, text] as const]));
}
