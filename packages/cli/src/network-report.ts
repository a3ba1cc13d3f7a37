import {
  describeReport,
  type Finding,
  type FlowDescription,
  type NetworkReport,
  type Verdict,
} from "@redoubt/network";
import { columns, type Output, type Paint } from "./output.ts";

/** Prints a check for people: each flow and what decides it, then the findings with their changes. */
export function printNetworkReport(report: NetworkReport, output: Output): void {
  const { caches, findings, missing, summary } = describeReport(report);
  for (const { name, flows } of caches) {
    output.line(output.paint("strong", output.foreign(name)));
    if (flows.length === 0)
      output.line(
        "  no flow to judge: neither its subnet nor a private endpoint with clients is in these files",
      );
    for (const line of flowLines(flows, output)) output.line(line);
    output.line();
  }
  for (const finding of findings) printFinding(finding, output);
  if (missing.length > 0) output.line(output.paint("strong", "To tell more, export"));
  for (const { what, why, command } of missing) {
    output.line(`  ${output.foreign(what)}: ${output.foreign(why)}`);
    output.line(`    ${output.paint("faint", output.foreign(command))}`);
  }
  if (missing.length > 0) output.line();
  const { allowed, denied, cannotTell } = summary;
  output.line(
    `${allowed} flows allowed, ${denied} denied, ${cannotTell} cannot tell; ${findings.length} finding${findings.length === 1 ? "" : "s"}`,
  );
}

function flowLines(flows: readonly FlowDescription[], output: Output): string[] {
  const rows = flows.map((flow): [string, string, string, string, string] => [
    flow.row,
    flow.direction === "Inbound" ? "in" : "out",
    `${flow.protocol.toLowerCase()}/${flow.ports}`,
    output.foreign(flow.remote),
    flow.optional ? "optional" : "",
  ]);
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return flows.map((flow, index) => {
    const cells = (rows[index] ?? []).map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ");
    return `  ${cells}  ${verdictText(flow, output.paint)}  ${output.foreign(reasonOf(flow))}`.trimEnd();
  });
}

/** `allowed`, `denied`, `partly` (denied for some of it), `cannot tell`. */
function verdictText({ verdict, partly }: FlowDescription, paint: Paint): string {
  const styles = { allowed: "good", denied: "bad", "cannot tell": "warn" } as const satisfies Record<
    Verdict,
    string
  >;
  return paint(styles[verdict], (partly ? "denied in part" : verdict).padEnd(11));
}

/** What decides: of a flow that gets through, the group's rule; else each step that does not. */
export function reasonOf({ verdict, steps }: FlowDescription): string {
  const deciding = steps.filter((step) => step.verdict === verdict);
  const shown =
    verdict === "allowed" ? deciding.filter(({ rule, kind }) => rule !== null && kind === "nsg") : deciding;
  return shown.map(({ at, says }) => (at === "" ? says : `${at}: ${says}`)).join(" | ");
}

function printFinding({ id, severity, message, fixes, page }: Finding, output: Output): void {
  const style = severity === "error" ? "bad" : severity === "warning" ? "warn" : "faint";
  output.line(`${output.paint(style, severity)}  ${id}`);
  output.line(`  ${output.foreign(message)}`);
  for (const { says, command, bicep } of fixes) {
    output.line(`  ${output.paint("faint", "fix")}  ${output.foreign(says)}`);
    for (const line of command?.split("\n") ?? []) output.line(`       ${output.foreign(line)}`);
    if (bicep !== null)
      output.line(
        output.paint(
          "faint",
          bicep
            .split("\n")
            .map((line) => `       ${output.foreign(line)}`)
            .join("\n"),
        ),
      );
  }
  output.line(columns([["more", `docs/${page}`]]));
  output.line();
}
