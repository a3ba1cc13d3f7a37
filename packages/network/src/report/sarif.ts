import type { Finding } from "../findings/finding.ts";
import { findingTable } from "../findings/table.ts";
import { idKey, parentId } from "../model/resource-id.ts";
import type { NetworkReport } from "./check.ts";

const levels = { error: "error", warning: "warning", info: "note" } as const;
const ids = Object.keys(findingTable) as (keyof typeof findingTable)[];

/** A check as SARIF 2.1.0, for code scanning. Each result names the resource, and the file that it was exported to. */
export function sarif({ findings, exports }: NetworkReport, version: string): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "redoubt network check",
            version,
            rules: ids.map((id) => ({
              id,
              shortDescription: { text: findingTable[id].title },
              defaultConfiguration: { level: levels[findingTable[id].severity] },
              help: { text: `See docs/network/${id}.md.` },
            })),
          },
        },
        results: findings.map((finding) =>
          resultOf(finding, exports.sources, exports.read[0]?.file ?? "exports"),
        ),
      },
    ],
  };
}

function resultOf(finding: Finding, sources: ReadonlyMap<string, string>, anyFile: string): object {
  const { id, severity, message, resource, fixes, flows } = finding;
  const commands = fixes.flatMap(({ says, command }) => [says, ...(command === null ? [] : [command])]);
  return {
    ruleId: id,
    ruleIndex: ids.indexOf(id),
    level: levels[severity],
    message: { text: [message, ...commands].join("\n") },
    locations: [
      {
        // Every result needs a file: a finding about no single resource is shown at the first.
        physicalLocation: { artifactLocation: { uri: uriOf(fileOf(resource, sources) ?? anyFile) } },
        ...(resource === null
          ? {}
          : { logicalLocations: [{ fullyQualifiedName: resource, kind: "resource" }] }),
      },
    ],
    properties: { flows },
  };
}

/** A subnet is exported with its network. */
function fileOf(resource: string | null, sources: ReadonlyMap<string, string>): string | null {
  if (resource === null) return null;
  return sources.get(idKey(resource)) ?? sources.get(idKey(parentId(resource))) ?? null;
}

function uriOf(path: string): string {
  return path
    .replaceAll("\\", "/")
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/");
}
