import { resolve } from "node:path";
import { RedoubtError } from "@redoubt/client";
import type { App } from "../model/app.ts";
import { collectArguments, collectEnvironment } from "../model/environment.ts";
import { Output } from "../model/output.ts";
import { Workload } from "../model/workload.ts";
import { AzureResource } from "../resources/azure/azure-resource.ts";
import { addAzureAccess } from "../resources/azure/compute/access.ts";
import type { Violation } from "../resources/azure/violation.ts";
import { arm } from "../template/arm.ts";
import { bicep } from "../template/bicep.ts";
import { checkModule } from "../template/check.ts";
import type { Module } from "../template/module.ts";
import { appsOf } from "./apps/apps.ts";
import type { AppModule } from "./apps/container-app.ts";
import { dockerfile, dockerfileName, dockerignore, isBuilt } from "./dockerfile.ts";
import { writeFolder } from "./folder.ts";
import { frozenSince } from "./frozen.ts";
import { judgeModule, judgeResources, refuse } from "./judge.ts";
import { leavesOf } from "./leaves.ts";
import { type Main, mainOf } from "./main/main.ts";
import { type PublishedParameter, parametersOf } from "./main/parameters-file.ts";
import { deploymentFile, moduleFile } from "./manifest/azure.ts";
import { PortNumbers } from "./manifest/bindings.ts";
import { checkManifest } from "./manifest/check.ts";
import { manifestOf } from "./manifest/manifest.ts";

const manifestName = "aspire-manifest.json";

/** The parts of publishing, with upstream's names: infrastructure, and the manifest with what it names. */
export const publishSteps = ["publish-azure", "publish-manifest"] as const;

/** One of {@link publishSteps}. */
export type PublishStep = (typeof publishSteps)[number];

/** Options of publishing. */
export interface PublishOptions {
  /** Folder, from the working directory. Default `out`. */
  readonly output?: string;
  /** Also replaces files that somebody else has written or changed. Default false. */
  readonly force?: boolean;
  /** Only this part; everything is checked all the same. Default: both. */
  readonly step?: PublishStep;
  readonly signal?: AbortSignal;
}

/** What publishing has done. */
export interface PublishResult {
  /** Absolute. */
  readonly folder: string;
  /** All files, relative to the folder, sorted. */
  readonly files: readonly string[];
  /** Those that are new or other than before. */
  readonly changed: readonly string[];
  /** Those of an earlier time that were taken away. */
  readonly removed: readonly string[];
  /** Parameters of `main.bicep`. */
  readonly parameters: readonly PublishedParameter[];
  /** What is not wrong and yet worth saying. */
  readonly warnings: readonly Violation[];
}

/** The files of an app, not yet written. */
export interface Published {
  /** Content by path relative to the folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly parameters: readonly PublishedParameter[];
  readonly warnings: readonly Violation[];
}

/**
 * Writes an app down for Azure: a Bicep module and the same as ARM JSON for each Azure resource, `main.bicep` and `main.json`
 * that deploy them all, `main.parameters.json`, and `aspire-manifest.json` for tools that read it. Everything is checked before
 * anything is written; the same app gives the same bytes.
 *
 * @throws RedoubtError `APP_PUBLISH` naming resource, setting and fix
 */
export async function publish(app: App, options: PublishOptions = {}): Promise<PublishResult> {
  const { output = "out", force = false, step, signal } = options;
  if (step !== undefined && !publishSteps.includes(step))
    throw new RedoubtError("APP_PUBLISH", `there is no step ${JSON.stringify(step)}`, {
      hint: `The steps are ${publishSteps.join(" and ")}.`,
    });
  const folder = resolve(output);
  const { files, ...rest } = await compose(app, folder, signal);
  signal?.throwIfAborted();
  const others = (path: string) => step !== undefined && stepOf(path) !== step;
  const own = new Map([...files].filter(([path]) => !others(path)));
  return { folder, ...(await writeFolder(folder, own, force, others)), ...rest };
}

function stepOf(path: string): PublishStep {
  const ofManifest =
    path === manifestName || /^[^/]+\.(?:module\.bicep|Dockerfile|Dockerfile\.dockerignore)$/.test(path);
  return ofManifest ? "publish-manifest" : "publish-azure";
}

/**
 * {@link publish} without writing.
 *
 * @param folder where the files will be: the manifest has paths relative to it
 */
export async function compose(app: App, folder: string, signal?: AbortSignal): Promise<Published> {
  if (app.mode !== "publish")
    throw new RedoubtError("APP_PUBLISH", "the app was made to run, and what it is made of depends on that", {
      hint: 'Make it with createBuilder({ operation: "publish" }), or use `redoubt publish`.',
    });
  await addAzureAccess(app, signal);
  const azure = app.resources.filter(
    (one): one is AzureResource => one instanceof AzureResource && !one.excludedFromManifest,
  );
  const workloads = app.resources.filter((one): one is Workload => one instanceof Workload);
  const ports = new PortNumbers(workloads.flatMap(({ endpoints }) => endpoints));
  const apps = await appsOf(app, ports, signal);
  const violations = [
    ...judgeResources(azure),
    ...apps.modules.flatMap(({ workload, module }) => judgeModule(workload.name, module)),
    ...apps.warnings,
  ];
  refuse(violations);
  const main = mainOf(azure, await outputsOf(workloads, apps.modules, azure, signal));
  checkModule(main.module, "main.bicep");
  const manifest = await manifestOf(app, { folder, ports, apps: apps.modules, signal });
  const faults = checkManifest(manifest);
  if (faults.length > 0) throw new RedoubtError("APP_PUBLISH", `${manifestName}: ${faults.join("; ")}`);
  const { file, parameters } = parametersOf(main, app.configuration);
  const files = new Map<string, string>([[manifestName, json(manifest)]]);
  const put = (name: string, module: Module, besides: string) => {
    const text = bicep(module);
    files.set(besides, text);
    files.set(`${name}/${name}.bicep`, text);
    files.set(`${name}/${name}.json`, json(arm(module)));
  };
  for (const resource of azure) put(resource.name, resource.infrastructure(), moduleFile(resource.name));
  for (const { workload, module } of apps.modules) put(workload.name, module, deploymentFile(workload.name));
  for (const workload of workloads)
    if (isBuilt(workload) && !workload.excludedFromManifest) {
      files.set(dockerfileName(workload), dockerfile(workload));
      files.set(`${dockerfileName(workload)}.dockerignore`, dockerignore(workload, folder));
    }
  if (azure.length > 0) {
    files.set("main.bicep", bicep(main.module));
    files.set("main.json", json(arm(main.module)));
    files.set("main.parameters.json", json(file));
  }
  return {
    files,
    parameters: azure.length > 0 ? parameters : [],
    warnings: [...violations, ...(await frozenSince(folder, azure)), ...unknown(main)],
  };
}

/** Outputs that programs and their modules read: whoever deploys the programs needs to know them. */
async function outputsOf(
  workloads: readonly Workload[],
  apps: readonly AppModule[],
  azure: readonly AzureResource[],
  signal: AbortSignal | undefined,
): Promise<readonly Output[]> {
  const found = new Map<string, Output>();
  const values = apps.flatMap(({ given }) =>
    given.flatMap(([, value]) => (typeof value === "string" ? [] : value)),
  );
  for (const workload of workloads) {
    if (workload.excludedFromManifest) continue;
    const environment = await collectEnvironment(workload, signal);
    values.push(...environment.values(), ...(await collectArguments(workload, signal)));
  }
  for (const leaf of values.flatMap((value) => [...leavesOf(value)]))
    if (leaf instanceof Output && azure.includes(leaf.owner as AzureResource))
      found.set(leaf.published, leaf);
  return [...found.values()];
}

/** Values that no parameter of the app has and `main.bicep` does not make. */
function unknown(main: Main): readonly Violation[] {
  return main.parameters
    .filter(({ source }) => source === undefined)
    .map(({ param, published }) => ({
      resource: "main.bicep",
      key: param.name,
      severity: "warning",
      message: `${published} is not known to main.bicep, so it is a parameter of it.`,
      fix: "Deploy with `redoubt deploy`, which knows it, or give the parameter.",
    }));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
