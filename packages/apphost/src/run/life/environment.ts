import { collectArguments, collectEnvironment } from "../../model/environment.ts";
import { referenceVariables } from "../../model/reference.ts";
import type { Resource } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Value, Viewpoint } from "../../model/value.ts";
import type { Workload } from "../../model/workload.ts";

/** What a program is given. */
export interface Equipment {
  /** Without what it inherits. */
  readonly environment: Snapshot["environment"];
  readonly args: readonly { readonly value: string; readonly secret: boolean }[];
}

/**
 * Works out the environment and the arguments of a program, callbacks included; waits for values that are not known yet.
 * @throws RedoubtError what a value says that there is none of, naming the resource
 */
export async function equip(
  workload: Workload,
  viewpoint: Viewpoint,
  signal: AbortSignal,
): Promise<Equipment> {
  const context = { viewpoint, signal };
  const variables = await collectEnvironment(workload, signal);
  const environment = await Promise.all(
    [...variables].map(async ([name, value]) => ({
      name,
      value: await value.resolve(context),
      secret: value.secret,
    })),
  );
  const args = await Promise.all(
    (await collectArguments(workload, signal)).map(async (value) => ({
      value: (await value.resolve(context)) ?? "",
      secret: value.secret,
    })),
  );
  return {
    // What is optional and absent is not set at all.
    environment: environment.flatMap(({ name, value, secret }) =>
      value === undefined ? [] : [{ name, value, secret }],
    ),
    args,
  };
}

/**
 * The resources whose values a program needs, found without calling its callbacks, which are to be called once, when it starts.
 * What callbacks add is waited for then.
 */
export function valuesNeeded(workload: Workload): readonly Resource[] {
  const values: Value[] = workload.argumentSteps.filter((step) => typeof step !== "function");
  for (const step of workload.environmentSteps) {
    if (step.kind === "value") values.push(step.value);
    // Whoever can do without is not made to wait.
    if (step.kind === "reference" && !(step.reference.kind === "connection" && step.reference.optional))
      values.push(
        ...referenceVariables(step.reference, workload.referenceVariables).map(([, value]) => value),
      );
  }
  return [...new Set(values.flatMap(({ needs }) => needs))];
}

/**
 * What a program of this machine inherits: everything but what is meant for this process, and parameters and connection strings of
 * the app, which a resource gets where it refers to them.
 */
export function inherited(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).filter(
    ([name, value]) =>
      value !== undefined &&
      !/^(?:Parameters|ConnectionStrings)__|^REDOUBT_APPHOST|^NODE_CHANNEL_/i.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
