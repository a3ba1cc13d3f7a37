import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { RedoubtError } from "@redoubt/client";
import { nearestName } from "@redoubt/client/config";
import { type Breakage, causeNamed } from "./causes.ts";
import { exampleLab } from "./example.ts";
import { type Machine, machinesOf } from "./machines.ts";
import type { LabPlan } from "./plan.ts";
import { applyLab } from "./runner/apply.ts";
import { buildLab, type Progress } from "./runner/build.ts";
import { removeLab, removeRemains } from "./runner/clean.ts";
import { compileLab } from "./runner/compiled.ts";
import { alone } from "./runner/lock.ts";
import { requireFitness } from "./runner/needs.ts";
import {
  isAbandoned,
  type LabState,
  labFolder,
  labNames,
  labsFolder,
  namespaceOf,
  ownProcess,
  readState,
  requireLabName,
  writeState,
} from "./runner/state.ts";
import { type LabString, labStrings } from "./strings.ts";

/** The name of a laboratory where nobody gives one. */
export const defaultLabName = "lab";

/** How {@link labUp} makes a laboratory. */
export interface LabUpOptions {
  /** Default `lab`. */
  readonly name?: string;
  /** Default: the example, see {@link exampleLab}. */
  readonly plan?: LabPlan;
  readonly onProgress?: Progress;
}

/** A laboratory that runs. */
export interface Lab {
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
  /** As it was made. */
  readonly plan: LabPlan;
  /** As it is now: with what is broken. */
  readonly current: LabPlan;
  readonly breakages: readonly Breakage[];
  readonly machines: readonly Machine[];
  /** Path of the certificate of its authority. */
  readonly caFile: string;
  /** What clients are told to dial: as they should, or as a breakage has them do. */
  readonly strings: readonly LabString[];
  /** The namespace of a machine. */
  namespaceOf(machine: string): string;
}

/**
 * Makes a laboratory: a small virtual network of Azure on this machine, of network namespaces, with real Redis servers. What
 * earlier programs left half made is removed first. Routes, rules and DNS of the machine itself are not touched.
 *
 * @throws RedoubtError `LAB_UNFIT` where the machine cannot (not Linux, not root, a program is missing); `LAB_EXISTS` for a name
 *   that is taken; `LAB_FAILED` when the system refuses something, after everything made was removed
 */
export async function labUp(options: LabUpOptions = {}): Promise<Lab> {
  const { name = defaultLabName, plan = exampleLab(), onProgress = () => {} } = options;
  requireLabName(name);
  requireFitness();
  // Nothing is made of a plan that is unsound.
  compileLab({ id: "", plan, breakages: [] }, labFolder(name));
  for (const line of await removeRemains()) onProgress(`removed ${line}`);
  reserve(name);
  const state: LabState = {
    version: 1,
    id: randomBytes(4).toString("hex"),
    name,
    created: new Date().toISOString(),
    complete: false,
    owner: ownProcess(),
    plan,
    breakages: [],
    processes: [],
    password: randomBytes(18).toString("base64url"),
  };
  writeState(state);
  try {
    const processes = await buildLab(state, onProgress);
    const whole = { ...state, processes, complete: true };
    writeState(whole);
    return viewOf(whole);
  } catch (error) {
    await removeLab(state);
    throw error;
  }
}

function reserve(name: string): void {
  mkdirSync(labsFolder, { recursive: true, mode: 0o700 });
  try {
    mkdirSync(labFolder(name), { mode: 0o700 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new RedoubtError("LAB_EXISTS", `There is a laboratory ${name} already.`);
  }
}

/** Removes a laboratory with all that it made. @throws RedoubtError `LAB_UNKNOWN` */
export async function labDown(name: string = defaultLabName): Promise<void> {
  requireLabName(name);
  requireFitness();
  const state = readState(name);
  await removeRemains();
  if (state === null) throw unknownLab(name);
  if (!isAbandoned(state)) await removeLab(state);
}

/** The laboratory of that name. @throws RedoubtError `LAB_UNKNOWN` */
export function labNamed(name: string = defaultLabName): Lab {
  requireLabName(name);
  return viewOf(stateNamed(name));
}

/** Names of all laboratories. */
export function listLabs(): string[] {
  return labNames().filter((name) => readState(name) !== null);
}

/**
 * Breaks something: the laboratory is then as it would be after somebody's mistake.
 *
 * @param cause its name, see {@link causes}
 * @throws RedoubtError `LAB_UNKNOWN`; `CONFIG_INVALID_VALUE` for a cause that there is not, or for which this network has
 *   nothing that could break so
 */
export function labBreak(name: string, cause: string): Promise<Lab> {
  causeNamed(cause);
  return change(name, (breakages) => [
    ...breakages.filter((one) => one.cause !== cause),
    { cause, mended: false },
  ]);
}

/**
 * Mends what was broken, by the advice that its cause has: sometimes that takes the mistake back, sometimes it is another change.
 *
 * @param cause its name, or `all`
 */
export function labMend(name: string, cause: string): Promise<Lab> {
  if (cause === "all") return change(name, () => []);
  const { remedy } = causeNamed(cause);
  return change(name, (breakages) => {
    if (!breakages.some((one) => one.cause === cause))
      throw new RedoubtError("CONFIG_INVALID_VALUE", `${cause} is not broken in this laboratory.`, {
        hint: `Broken are: ${breakages.map((one) => one.cause).join(", ") || "none"}.`,
      });
    return breakages.flatMap((one) => {
      if (one.cause !== cause) return [one];
      return remedy === undefined ? [] : [{ ...one, mended: true }];
    });
  });
}

/** Puts another network in the place of the laboratory's: rules, routes, names. Its machines must stay the same. */
export async function labReplan(name: string, plan: LabPlan): Promise<Lab> {
  return alter(name, (state) => ({ ...state, plan }));
}

function change(name: string, edit: (breakages: readonly Breakage[]) => readonly Breakage[]): Promise<Lab> {
  return alter(name, (state) => ({ ...state, breakages: edit(state.breakages) }));
}

async function alter(name: string, edit: (state: LabState) => LabState): Promise<Lab> {
  requireLabName(name);
  requireFitness();
  stateNamed(name);
  return alone(name, async () => {
    const state = edit(stateNamed(name));
    const compiled = compileLab(state, labFolder(name));
    const processes = await applyLab(compiled, state);
    const altered = { ...state, processes };
    writeState(altered);
    return viewOf(altered);
  });
}

function stateNamed(name: string): LabState {
  const state = readState(name);
  if (state === null || !state.complete) throw unknownLab(name);
  return state;
}

function unknownLab(name: string): RedoubtError {
  const names = listLabs();
  const nearest = nearestName(name, names);
  return new RedoubtError("LAB_UNKNOWN", `There is no laboratory ${name}.`, {
    hint:
      names.length === 0
        ? "Make one: redoubt network lab up."
        : `${nearest === null ? "" : `Did you mean ${nearest}? `}There are: ${names.join(", ")}.`,
  });
}

function viewOf(state: LabState): Lab {
  const { name, created, plan, breakages, id } = state;
  const { plan: current, lookup } = compileLab(state, labFolder(name));
  const caFile = `${labFolder(name)}/ca.pem`;
  return {
    name,
    created,
    plan,
    current,
    breakages,
    machines: machinesOf(current, lookup),
    caFile,
    strings: labStrings(current, lookup, state.password, caFile),
    namespaceOf: (machine) => namespaceOf(id, machine),
  };
}
