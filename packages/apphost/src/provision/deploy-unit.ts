import { isFault } from "./arm-error.ts";
import { checksum, type Fingerprinted } from "./checksum.ts";
import type { DeploymentBody, DeploymentRecord } from "./deployments.ts";
import { knownOf } from "./destination.ts";
import type { OperationState, ProvisionState } from "./events.ts";
import type { Connection, Destination } from "./ground.ts";
import type { Inventory } from "./inventory.ts";
import { finalStates } from "./operation.ts";
import { deploymentId, type Place, placeOf, portalLink } from "./place.ts";
import type { SavedDeployment, StateFile } from "./state.ts";
import type { Unit } from "./unit.ts";

/** What every unit is deployed with. */
export interface DeployGround {
  readonly connection: Connection;
  readonly destination: Destination;
  readonly state: StateFile;
  readonly inventory: Inventory;
  readonly mode: "run" | "deploy";
  readonly signal: AbortSignal;
}

/** Told while a unit is deployed. */
export type TellState = (
  state: ProvisionState,
  more?: {
    readonly message?: string;
    readonly portal?: string;
    readonly operations?: readonly OperationState[];
  },
) => void;

/** What is to be deployed, with every value known. */
export interface Prepared {
  readonly place: Place;
  readonly body: DeploymentBody;
  readonly checksum: string;
}

/** A unit that is deployed. */
export interface Deployed {
  readonly end: "deployed" | "unchanged" | "adopted";
  readonly deployment: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Resolves what a unit is given. Secrets among it are known to the redaction from here on. */
export async function prepare(
  unit: Unit,
  { connection, destination, state, signal }: DeployGround,
): Promise<Prepared> {
  const scope = typeof unit.scope === "function" ? await unit.scope(signal) : unit.scope;
  const place = placeOf(scope, destination);
  const known = knownOf(destination);
  const values: Record<string, Fingerprinted> = {};
  for (const parameter of unit.parameters) {
    if ("known" in parameter) values[parameter.name] = { value: known[parameter.known], secret: false };
    else {
      const value = await parameter.resolve(signal);
      if (parameter.secret) connection.redaction.hide(value);
      // What is absent has a default in the template.
      if (value !== undefined) values[parameter.name] = { value, secret: parameter.secret };
    }
  }
  const parameters = Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, { value }]));
  const body = { template: unit.template, parameters, location: destination.location };
  return { place, body, checksum: await checksum(unit.template, values, place, state.salt) };
}

/**
 * Deploys one unit, unless there is nothing to do: it is as it was when it was deployed, or an earlier run has begun the same
 * deployment and it is still going.
 */
export async function deployUnit(unit: Unit, ground: DeployGround, tell: TellState): Promise<Deployed> {
  const prepared = await prepare(unit, ground);
  const saved = ground.state.get(unit.name);
  const kept = saved === null ? null : await takenUp(unit, saved, prepared, ground, tell);
  return kept ?? (await deployed(unit, prepared, ground, tell));
}

/** @returns `null` where it has to be deployed */
async function takenUp(
  unit: Unit,
  saved: SavedDeployment,
  prepared: Prepared,
  ground: DeployGround,
  tell: TellState,
): Promise<Deployed | null> {
  const same = saved.checksum === prepared.checksum;
  if (saved.state === "Running") return adopted(unit, saved, same, ground, tell);
  if (saved.state !== "Succeeded" || !same) return null;
  const missing = await ground.inventory.missing(saved, ground.signal);
  if (missing.length > 0) {
    tell("Missing in Azure", { message: `${missing.join(", ")} was removed; it is deployed again` });
    return null;
  }
  if (saved.outputs !== null) return { end: "unchanged", deployment: saved.id, outputs: saved.outputs };
  const record = await ground.connection.deployments.get(saved.id, ground.signal);
  return record?.state === "Succeeded"
    ? { end: "unchanged", deployment: saved.id, outputs: valuesOf(record) }
    : null;
}

/** An earlier run was interrupted: what it began is waited for, also where something else is wanted by now. */
async function adopted(
  unit: Unit,
  saved: SavedDeployment,
  same: boolean,
  ground: DeployGround,
  tell: TellState,
): Promise<Deployed | null> {
  const { deployments } = ground.connection;
  const found = await deployments.get(saved.id, ground.signal);
  if (found === null) return null;
  if (!finalStates.has(found.state)) {
    tell("Waiting for Deployment", {
      message: "An earlier run began it",
      portal: portalOf(ground, saved.id),
    });
    try {
      await finish(saved.id, found.answer, unit, ground, tell);
    } catch (error) {
      if (same || ground.signal.aborted) throw await remembered(error, unit, saved, ground);
      return null;
    }
  }
  if (!same) return null;
  const record = await deployments.get(saved.id, ground.signal);
  if (record?.state !== "Succeeded") return null;
  await keep(unit, saved, record, ground);
  return { end: "adopted", deployment: saved.id, outputs: valuesOf(record) };
}

async function deployed(
  unit: Unit,
  prepared: Prepared,
  ground: DeployGround,
  tell: TellState,
): Promise<Deployed> {
  const { connection, state, signal } = ground;
  const name = deploymentName(unit.name, ground.mode);
  const id = deploymentId(prepared.place, name);
  const going: SavedDeployment = {
    id,
    place: prepared.place,
    checksum: prepared.checksum,
    state: "Running",
    begun: new Date().toISOString(),
    outputs: null,
    resources: [],
  };
  const portal = portalOf(ground, id);
  tell("Creating ARM Deployment", { portal });
  // Before Azure hears of it: whoever comes after a crash finds it.
  await state.put(unit.name, going);
  try {
    const first = await begun(unit, name, id, prepared, ground, tell);
    tell("Waiting for Deployment", { portal });
    await finish(id, first, unit, ground, tell);
  } catch (error) {
    throw await remembered(error, unit, going, ground);
  }
  const record = await connection.deployments.get(id, signal);
  if (record === null) throw new Error(`${unit.name} was deployed, and its deployment is gone`);
  await keep(unit, going, record, ground);
  return { end: "deployed", deployment: id, outputs: valuesOf(record) };
}

/** Begins; where a deployment of that name is still going, for instance one whose answer was lost, that one comes first. */
async function begun(
  unit: Unit,
  name: string,
  id: string,
  prepared: Prepared,
  ground: DeployGround,
  tell: TellState,
) {
  const { deployments } = ground.connection;
  try {
    return await deployments.begin(prepared.place, name, prepared.body, ground.signal);
  } catch (error) {
    if (!isFault(error, "DeploymentActive")) throw error;
    const active = await deployments.get(id, ground.signal);
    if (active === null) throw error;
    tell("Waiting for Deployment", {
      message: "Another deployment of that name is under way",
      portal: portalOf(ground, id),
    });
    // Names of deploy mode are used once: what goes under this one is ours.
    if (ground.mode === "deploy") return active.answer;
    if (!finalStates.has(active.state))
      await finish(id, active.answer, unit, ground, tell).catch(unlessAborted(ground.signal));
    return deployments.begin(prepared.place, name, prepared.body, ground.signal);
  }
}

async function finish(
  id: string,
  first: Parameters<Connection["deployments"]["finish"]>[1],
  unit: Unit,
  { connection, signal }: DeployGround,
  tell: TellState,
): Promise<void> {
  const { deployments, timing, redaction, cloud } = connection;
  const portal = portalLink(cloud, id);
  let looked = performance.now();
  await deployments.finish(id, first, {
    timing,
    redaction,
    signal,
    what: `Deploying ${unit.name}`,
    end: performance.now() + timing.deployment,
    onLook: async () => {
      if (performance.now() - looked < timing.operations) return;
      looked = performance.now();
      // Only to be shown: that it cannot be had is no reason to stop.
      const operations = await deployments.operations(id, signal).catch(() => []);
      tell("Waiting for Deployment", { portal, operations });
    },
  });
}

/** Writes down how a deployment ended that did not succeed; one that was interrupted goes on. @returns the error */
async function remembered(
  error: unknown,
  unit: Unit,
  going: SavedDeployment,
  ground: DeployGround,
): Promise<unknown> {
  const { deployments } = ground.connection;
  const record = ground.signal.aborted
    ? null
    : await deployments.get(going.id, ground.signal).catch(() => null);
  if (record?.state === "Canceled") await ground.state.put(unit.name, { ...going, state: "Canceled" });
  else if (record?.state === "Failed" || isFault(error, 400, 403, 404, 409))
    await ground.state.put(unit.name, { ...going, state: "Failed" });
  return error;
}

async function keep(
  unit: Unit,
  going: SavedDeployment,
  record: DeploymentRecord,
  { state, connection }: DeployGround,
): Promise<void> {
  const outputs = valuesOf(record);
  const maySee =
    !Object.values(record.outputs).some(({ type }) => /^secure/i.test(type)) &&
    !connection.redaction.finds(outputs);
  await state.put(unit.name, {
    ...going,
    state: "Succeeded",
    outputs: maySee ? outputs : null,
    resources: [...record.resources],
  });
}

function valuesOf({ outputs }: DeploymentRecord): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/** In run mode there is one deployment of a resource; each deploy has its own, so that the portal shows what was when. */
function deploymentName(name: string, mode: "run" | "deploy"): string {
  return mode === "run" ? name : `${name.slice(0, 50)}-${Math.floor(Date.now() / 1000)}`;
}

const portalOf = ({ connection }: DeployGround, id: string): string => portalLink(connection.cloud, id);

function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (signal.aborted) throw error;
  };
}
