import { basename, dirname } from "node:path";
import { RedoubtError } from "@redoubt/client";
import type { App } from "../model/app.ts";
import { ParameterResource } from "../model/parameter.ts";
import { AzureResource } from "../resources/azure/azure-resource.ts";
import { addAzureAccess } from "../resources/azure/compute/access.ts";
import type { OperationState, ProvisionEvent, ProvisionResult, UnitEnd } from "./events.ts";
import { deployedTo, destroy, dryRun, type ProvisionOptions, provision, type Removal } from "./provision.ts";
import type { Questions } from "./questions.ts";
import { unitsOf } from "./resource-units.ts";
import type { Timing } from "./timing.ts";
import type { Forecast } from "./what-if.ts";

/** Options of deploying. They may go through JSON. */
export interface DeployOptions {
  /** Only asks Azure what would change. */
  readonly dryRun?: boolean;
  /** Asks for no confirmation. */
  readonly yes?: boolean;
  /** Forgets what earlier runs have done. */
  readonly clearCache?: boolean;
  /** Removes the resource group that was made for the app, in place of deploying. */
  readonly destroy?: boolean;
  /** How long things may take. */
  readonly timing?: Partial<Timing>;
}

/** A failure, for JSON. */
export interface DeployFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** What became of a resource, for JSON. */
export interface DeployedResource {
  readonly name: string;
  readonly type: string;
  readonly end: UnitEnd;
  readonly state: string;
  readonly deployment: string | null;
  readonly portal: string | null;
  /** ms */
  readonly elapsed: number;
  /** Outputs of the module; what is secret is `*****`. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly error: DeployFailure | null;
}

/** What deploying has done, or would do. */
export type DeployResult =
  | {
      readonly kind: "deployed";
      readonly ok: boolean;
      readonly interrupted: boolean;
      readonly environment: string;
      readonly resources: readonly DeployedResource[];
    }
  | { readonly kind: "forecast"; readonly environment: string; readonly forecast: Forecast }
  | { readonly kind: "destroyed"; readonly environment: string; readonly removed: Removal | null };

/** What deploying tells on the way; goes through JSON. */
export type DeployEvent =
  | { readonly kind: "note"; readonly severity: "info" | "warning"; readonly message: string }
  | {
      readonly kind: "unit";
      readonly unit: string;
      readonly state: string;
      readonly message?: string;
      readonly elapsed: number;
      readonly portal?: string;
      readonly operations?: readonly OperationState[];
    };

/** Who is told, asked and obeyed. */
export interface DeployTalk {
  readonly tell: (event: DeployEvent) => void;
  /** `null` where nobody can be asked. */
  readonly questions: Questions | null;
  readonly signal: AbortSignal;
}

/** The resources of an app that are in Azure, after access to them was added. */
export async function azureOf(app: App, signal?: AbortSignal): Promise<readonly AzureResource[]> {
  await addAzureAccess(app, signal);
  return app.resources.filter(
    (one): one is AzureResource =>
      one instanceof AzureResource && (app.mode === "run" || !one.excludedFromManifest),
  );
}

/**
 * Deploys the Azure resources of an app, or says what that would change. Programs are not deployed: `publish` writes them down.
 * @param resources as {@link azureOf} gives them, judged
 * @throws RedoubtError what concerns all of them: see {@link provision}; `APP_PARAMETER` for a parameter without a value
 */
export async function deployApp(
  app: App,
  resources: readonly AzureResource[],
  options: DeployOptions,
  talk: DeployTalk,
): Promise<DeployResult> {
  const { environment } = app;
  const all = { ...optionsOf(app, options, talk), mode: "deploy" as const };
  if (options.destroy === true) {
    const there = await deployedTo(all);
    if (there === null) return { kind: "destroyed", environment, removed: null };
    const question = `Remove the resource group ${there.group} (${environment}) with all that is in it?`;
    await confirm(talk, options, question);
    return { kind: "destroyed", environment, removed: await destroy(all) };
  }
  if (resources.length === 0)
    throw new RedoubtError("APP_DEPLOY", "The app has nothing in Azure, so there is nothing to deploy", {
      hint: "Add something, for example builder.addAzureManagedRedis(name).",
    });
  needParameters(resources);
  const units = unitsOf(resources, "parameters");
  if (options.dryRun === true) return { kind: "forecast", environment, forecast: await dryRun(units, all) };
  const approve = (where: string): Promise<void> =>
    confirm(talk, options, `Deploy ${units.length} resources to ${where}? What is made there costs money.`);
  return deployedOf(await provision(units, { ...all, approve }), environment);
}

/** How an app is provisioned, by its configuration and its folder of state. */
export function optionsOf(
  app: App,
  { clearCache = false, timing }: DeployOptions,
  { tell, questions, signal }: DeployTalk,
): Omit<ProvisionOptions, "mode"> {
  return {
    configuration: (key) => app.configuration.get(key),
    app: app.identity,
    appName: nameOf(app),
    environment: app.environment,
    stateFolder: app.stateFolder,
    directory: app.directory,
    questions,
    signal,
    clear: clearCache,
    onEvent: (event) => tell(plain(event)),
    ...(timing && { timing }),
  };
}

/** The folder's name, as it may be in the name of a group. */
function nameOf({ directory, file }: App): string {
  const folder = basename(directory) || basename(dirname(file));
  return (
    folder
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "") || "app"
  );
}

async function confirm(
  { questions, signal }: DeployTalk,
  { yes }: DeployOptions,
  question: string,
): Promise<void> {
  if (yes === true) return;
  if (questions === null)
    throw new RedoubtError("CONFIG_MISSING", "This needs a confirmation, and nobody is here to be asked", {
      hint: "Say --yes where you mean it; --dry-run shows what would change.",
    });
  if (await questions.confirm(question, signal)) return;
  throw new RedoubtError("CLOSED_ABORTED", "Not confirmed: nothing was changed");
}

/** Nobody waits here for a value that will not come. */
function needParameters(resources: readonly AzureResource[]): void {
  for (const value of resources.flatMap((resource) => resource.needed()))
    for (const parameter of value.needs)
      if (parameter instanceof ParameterResource && parameter.read() === undefined) throw parameter.missing();
}

function deployedOf({ ok, interrupted, units }: ProvisionResult, environment: string): DeployResult {
  const resources = units.map(({ error, ...unit }) => ({
    ...unit,
    elapsed: Math.round(unit.elapsed),
    error: error === null ? null : failureOf(error),
  }));
  return { kind: "deployed", ok, interrupted, environment, resources };
}

function failureOf(error: Error): DeployFailure {
  const { message } = error;
  return error instanceof RedoubtError
    ? { code: error.code, message, hint: error.hint }
    : { code: "APP_DEPLOY", message, hint: null };
}

function plain(event: ProvisionEvent): DeployEvent {
  if (event.kind === "note") return event;
  const { error: _, type: __, ...rest } = event;
  return { ...rest, elapsed: Math.round(event.elapsed) };
}
