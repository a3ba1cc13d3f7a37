import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppOptions, Operation } from "../../src/model/app.ts";
import type { Endpoint } from "../../src/model/endpoint.ts";
import { collectEnvironment } from "../../src/model/environment.ts";
import type { Viewpoint } from "../../src/model/value.ts";
import type { Workload } from "../../src/model/workload.ts";
import { LocalBuilder } from "../../src/resources/local-builder.ts";

/** A folder that nothing else uses. */
export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), "redoubt-apphost-"));

/** An app of an empty folder, with nothing of the environment of the tests in it. */
export function emptyApp(operation: Operation = "run", options: AppOptions = {}): LocalBuilder {
  const folder = emptyFolder();
  return new LocalBuilder({
    operation,
    file: join(folder, "apphost.ts"),
    home: join(folder, "home"),
    variables: {},
    args: [],
    ...options,
  });
}

/** Says where endpoints are, as the engine does. */
export function allocate(...endpoints: readonly (readonly [Endpoint, number])[]): void {
  for (const [endpoint, port] of endpoints) endpoint.allocated.set({ host: "localhost", port });
}

/** The environment of a program as it is published. */
export async function publishedEnvironment(workload: Workload): Promise<Record<string, string>> {
  const environment = await collectEnvironment(workload);
  return Object.fromEntries([...environment].map(([name, value]) => [name, value.published]));
}

/** The environment of a program as it runs. */
export async function resolvedEnvironment(
  workload: Workload,
  viewpoint: Viewpoint = "host",
): Promise<Record<string, string | undefined>> {
  const environment = await collectEnvironment(workload);
  const signal = AbortSignal.timeout(2_000);
  return Object.fromEntries(
    await Promise.all(
      [...environment].map(
        async ([name, value]) => [name, await value.resolve({ viewpoint, signal })] as const,
      ),
    ),
  );
}
