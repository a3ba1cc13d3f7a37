import type { Finding } from "../findings/finding.ts";
import type { NetworkReport } from "./check.ts";
import { describeReport, type FlowDescription } from "./describe.ts";
import { escaped, picture } from "./picture.ts";

/** A check as one HTML page that needs nothing else: the picture, the findings with their changes, every flow. */
export function page(report: NetworkReport): string {
  const { caches, findings, missing, summary } = describeReport(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Redis inside virtual networks</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #24292f; }
table { border-collapse: collapse; width: 100%; font-size: 13px; } td, th { border-bottom: 1px solid #d0d7de; padding: 3px 8px; text-align: left; }
pre { background: #f6f8fa; padding: 8px; overflow-x: auto; } svg { max-width: 100%; height: auto; }
.denied, .error { color: #cf222e; } .cannot, .warning { color: #9a6700; } .allowed { color: #1a7f37; }
</style>
</head>
<body>
<h1>Redis inside virtual networks</h1>
<p>${summary.allowed} flows allowed, ${summary.denied} denied, ${summary.cannotTell} cannot tell.</p>
${picture(report)}
<h2>Findings</h2>
${findings.map(findingHtml).join("\n")}
${missing.length === 0 ? "" : `<h2>To tell more, export</h2>\n<ul>\n${missing.map(({ what, why, command }) => `<li>${escaped(`${what}: ${why}`)}<pre>${escaped(command)}</pre></li>`).join("\n")}\n</ul>`}
${caches.map(({ name, flows }) => `<h2>${escaped(name)}</h2>\n<table>\n<tr><th>Row</th><th>Direction</th><th>Port</th><th>Other end</th><th>Verdict</th><th>Decides</th></tr>\n${flows.map(flowHtml).join("\n")}\n</table>`).join("\n")}
</body>
</html>
`;
}

function findingHtml({ id, severity, title, message, fixes }: Finding): string {
  const changes = fixes.map(
    ({ says, command, bicep }) =>
      `<p>${escaped(says)}</p>${command === null ? "" : `<pre>${escaped(command)}</pre>`}${bicep === null ? "" : `<details><summary>Bicep</summary><pre>${escaped(bicep)}</pre></details>`}`,
  );
  return `<section><h3><span class="${severity}">${severity}</span> ${escaped(title)} <code>${id}</code></h3><p>${escaped(message)}</p>${changes.join("")}</section>`;
}

function flowHtml({
  row,
  direction,
  protocol,
  ports,
  remote,
  verdict,
  partly,
  steps,
}: FlowDescription): string {
  const says = steps.filter((step) => step.verdict === verdict).map((step) => `${step.at}: ${step.says}`);
  const cells = [row, direction, `${protocol.toLowerCase()}/${ports}`, remote].map(
    (cell) => `<td>${escaped(cell)}</td>`,
  );
  return `<tr>${cells.join("")}<td class="${verdict.split(" ")[0]}">${partly ? "denied in part" : verdict}</td><td>${escaped(says.join("; "))}</td></tr>`;
}
