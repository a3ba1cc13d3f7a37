import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AzureResource } from "../resources/azure/azure-resource.ts";
import { judgeFrozen } from "../resources/azure/frozen.ts";
import { judged, type Violation } from "../resources/azure/violation.ts";
import { arm } from "../template/arm.ts";

/**
 * Settings that Azure only takes at creation and that were other ones when the folder was written before. Warnings, because nobody
 * knows here whether those files were ever deployed. A folder that is not there, or files that cannot be read, say nothing.
 */
export async function frozenSince(folder: string, resources: readonly AzureResource[]): Promise<Violation[]> {
  const each = await Promise.all(
    resources.map(async (resource) => {
      const before = await readJson(join(folder, resource.name, `${resource.name}.json`));
      const findings = [...judgeFrozen(before, arm(resource.infrastructure()))];
      return judged(
        resource,
        findings.map((finding) => ({ ...finding, severity: "warning" as const })),
      );
    }),
  );
  return each.flat();
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}
