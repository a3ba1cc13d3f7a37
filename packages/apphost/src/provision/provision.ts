import { RedoubtError, type TokenCredential } from "@redoubt/client";
import { type ConnectOptions, connect } from "./connect.ts";
import type { ProvisionIdentity } from "./credential.ts";
import type { DeployGround } from "./deploy-unit.ts";
import { destinationOf, ownerTag } from "./destination.ts";
import { deployAll } from "./engine.ts";
import type { ProvisionEvent, ProvisionResult } from "./events.ts";
import type { Connection, Destination } from "./ground.ts";
import { Inventory } from "./inventory.ts";
import { ordered } from "./order.ts";
import type { Questions } from "./questions.ts";
import { type ReadKey, readSettings, type Settings } from "./settings.ts";
import { StateFile } from "./state.ts";
import type { Timing } from "./timing.ts";
import type { Unit } from "./unit.ts";
import { type Forecast, forecast } from "./what-if.ts";

/** How and where to provision. */
export interface ProvisionOptions {
  /** Reads the app's configuration: `Azure:SubscriptionId` and so on. */
  readonly configuration: ReadKey;
  /** SHA-256 of the app's path, hexadecimal: marks what belongs to it. */
  readonly app: string;
  /** For the name of a resource group: letters, digits, hyphens. */
  readonly appName: string;
  /** `run`: the developer's own copy, with fixed names of deployments; `deploy`: each time a deployment of its own. */
  readonly mode: "run" | "deploy";
  /** Name of the environment. Default: `Development` in run mode, else `Production`. */
  readonly environment?: string;
  /** Folder of the app's state on this machine. */
  readonly stateFolder: string;
  /** Default: `process.env`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Folder of the app's file, where `@azure/identity` is looked for, too. */
  readonly directory?: string;
  /** Asked before anything is made; throws where it is not meant. */
  readonly approve?: (where: string) => Promise<void>;
  /** `null`, or absent: nobody can be asked. */
  readonly questions?: Questions | null;
  /** Forgets what earlier runs have done. */
  readonly clear?: boolean;
  readonly onEvent?: (event: ProvisionEvent) => void;
  /** Ends waiting. What is under way in Azure goes on, and the next run takes it up. */
  readonly signal?: AbortSignal;
  /** Gives tokens. Default: as `Azure:CredentialSource` says, by `@azure/identity`. */
  readonly credential?: TokenCredential;
  /** Loads `@azure/identity`, where a bundler does not find it. */
  readonly identity?: () => Promise<ProvisionIdentity>;
  /** A certificate (PEM) to trust besides those that Node trusts. */
  readonly ca?: string;
  readonly timing?: Partial<Timing>;
}

/**
 * Deploys units to Azure and waits until all have ended, well or badly. Failures of units are in the result; what concerns all of
 * them is thrown.
 *
 * @throws RedoubtError `CONFIG_…` (a setting is missing or wrong), `AUTH_…` (no login), `APP_STATE` (the file of state), `APP_DEPLOY`
 *   (the group), `APP_MODEL` (units that need each other), `CLOSED_ABORTED`
 */
export function provision(units: readonly Unit[], options: ProvisionOptions): Promise<ProvisionResult> {
  return onGround(units, options, false, (ground) => deployAll(units, ground));
}

/** Asks Azure what {@link provision} would change. Nothing is changed, and nothing is written. */
export function dryRun(units: readonly Unit[], options: ProvisionOptions): Promise<Forecast> {
  return onGround(units, options, true, (ground) => forecast(units, ground));
}

/** What there is to remove. */
export interface Removal {
  readonly subscription: string;
  readonly group: string;
}

/** Where an app is deployed, by its file of state; nothing is asked of Azure. `null`: it was not deployed. */
export async function deployedTo(
  options: ProvisionOptions,
): Promise<(Removal & { readonly groupIsOurs: boolean }) | null> {
  await using state = await openState(options);
  const { subscription, group, groupIsOurs = false } = state.context;
  return subscription === undefined || group === undefined ? null : { subscription, group, groupIsOurs };
}

/**
 * Removes the resource group that was made for an app, with all that is in it, and forgets the state.
 * @returns what was removed; `null` where the group is not there any more
 * @throws RedoubtError `APP_DEPLOY` for a group that was not made by Redoubt for this app
 */
export async function destroy(options: ProvisionOptions): Promise<Removal | null> {
  await using state = await openState(options);
  const { subscription, group, groupIsOurs } = state.context;
  if (subscription === undefined || group === undefined) return null;
  const settings = readSettings(options.configuration);
  const signal = options.signal ?? new AbortController().signal;
  await using connection = await connect(connectOptions(options, settings, signal));
  const place = { kind: "group", subscription, group } as const;
  const found = await connection.deployments.group(place, signal);
  if (found === null) {
    await state.clear();
    return null;
  }
  if (groupIsOurs !== true || found.tags[ownerTag] !== state.app)
    throw new RedoubtError("APP_DEPLOY", `The resource group ${group} was not made by Redoubt for this app`, {
      hint: `Remove what you do not need by hand: az group delete -n ${group}.`,
    });
  const { timing, redaction } = connection;
  await connection.deployments.removeGroup(place, {
    timing,
    redaction,
    signal,
    what: `Removing the group ${group}`,
    end: performance.now() + timing.deployment,
  });
  await state.clear();
  return { subscription, group };
}

async function onGround<T>(
  units: readonly Unit[],
  options: ProvisionOptions,
  isDry: boolean,
  work: (ground: DeployGround) => Promise<T>,
): Promise<T> {
  ordered(units);
  const settings = readSettings(options.configuration);
  const signal = options.signal ?? new AbortController().signal;
  await using state = await openState(options);
  await using connection = await connect(connectOptions(options, settings, signal));
  const destination = await destinationOf({
    connection,
    settings,
    state,
    appName: options.appName,
    mode: options.mode,
    dryRun: isDry,
    questions: options.questions ?? null,
    approve: isDry ? undefined : options.approve,
    signal,
  });
  tellDestination(connection, destination);
  const inventory = new Inventory(connection.deployments);
  return await work({ connection, destination, state, inventory, mode: options.mode, signal });
}

function tellDestination(
  { tell, cloud }: Connection,
  { subscription, group, location, principal }: Destination,
): void {
  const message = `Group ${group} in ${location}, subscription ${subscription} of ${cloud.name}, as ${principal.name}`;
  tell({ kind: "note", severity: "info", message });
}

function openState({
  stateFolder: folder,
  app,
  mode,
  environment,
  clear,
}: ProvisionOptions): Promise<StateFile> {
  const name = environment ?? (mode === "run" ? "Development" : "Production");
  return StateFile.open({ folder, app, environment: name, ...(clear !== undefined && { clear }) });
}

function connectOptions(options: ProvisionOptions, settings: Settings, signal: AbortSignal): ConnectOptions {
  const { credential, identity, ca, timing, directory, variables = process.env, onEvent } = options;
  return {
    settings,
    environment: variables,
    signal,
    tell: (event) => onEvent?.(event),
    ...(credential && { credential }),
    ...(identity && { identity }),
    ...(directory !== undefined && { directory }),
    ...(ca !== undefined && { ca }),
    ...(timing && { timing }),
  };
}
