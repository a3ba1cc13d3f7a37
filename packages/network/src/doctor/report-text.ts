import type { DoctorFinding } from "../checks/finding.ts";
import type { DoctorResult } from "./result.ts";

/** A report to be shared, as Markdown. Passwords are masked already; names are not, see `redactNames`. */
export function reportText(result: DoctorResult): string {
  const { target, at, ms, stages, observations, findings, latency, verdict } = result;
  const endpoints = target.endpoints.map(({ host, port }) => `${host}:${port}`).join(", ");
  return [
    "# Report of redoubt doctor",
    "",
    `${at}, ${(ms / 1000).toFixed(1)} s`,
    "",
    `Target: ${endpoints}, ${target.tls.enabled ? "TLS" : "plain text"}, user ${target.username ?? "default"}${target.provider === null ? "" : `, ${target.provider}`}`,
    "",
    `**${verdict.summary}**`,
    "",
    "## Findings",
    "",
    ...(findings.length === 0 ? ["None.", ""] : findings.flatMap(findingText)),
    "## Stages",
    "",
    ...table(
      ["endpoint", "stage", "", "ms", "found"],
      stages.map((stage) => [
        stage.endpoint,
        stage.name,
        stage.ok ? "ok" : "failed",
        stage.ms.toFixed(1),
        stage.detail,
      ]),
    ),
    "",
    "## Seen",
    "",
    ...table(
      ["area", "what", "found", "ms"],
      observations.map((one) => [one.area, one.subject, one.detail, one.ms?.toFixed(1) ?? ""]),
    ),
    ...(latency === null
      ? []
      : [
          "",
          "## Latency",
          "",
          `${latency.samples} PINGs: median ${latency.median.toFixed(2)} ms, 99 % within ${latency.p99.toFixed(2)} ms, longest ${latency.max.toFixed(2)} ms`,
        ]),
    "",
  ].join("\n");
}

function findingText({ id, severity, title, likelihood, evidence, fixes }: DoctorFinding): string[] {
  return [
    `### ${severity}: ${title} (${id}, ${Math.round(likelihood * 100)} %)`,
    "",
    ...evidence.map((line) => `- ${line}`),
    "",
    ...fixes.flatMap(({ says, command, before, after }, at) => [
      `${at + 1}. ${says}`,
      ...[command, before && `before: ${before}`, after && `after: ${after}`].flatMap((line) =>
        line ? [`   \`${line}\``] : [],
      ),
    ]),
    "",
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
