import { asValue, type ValueLike } from "./expression.ts";
import { type Reference, referenceVariables } from "./reference.ts";
import type { Value } from "./value.ts";
import type { EnvironmentCallback, Workload } from "./workload.ts";

/** One call that adds to an environment. */
export type EnvironmentStep =
  | { readonly kind: "value"; readonly name: string; readonly value: Value }
  | { readonly kind: "reference"; readonly reference: Reference }
  | { readonly kind: "callback"; readonly callback: EnvironmentCallback };

/** The variable in which Node is told of further authorities to trust. */
const nodeTrust = "NODE_EXTRA_CA_CERTS";

/**
 * The variables of a program, in the order in which they were first set, each with its value: for {@link Value.resolve} when
 * it runs, and `published` when it is published. What callbacks and later calls set wins. A program whose references have an
 * authority of this machine is told so: `NODE_EXTRA_CA_CERTS`, unless the variable is set by the file.
 */
export async function collectEnvironment(
  workload: Workload,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Value>> {
  const environment = new Map<string, ValueLike>();
  let trust: Value | undefined;
  for (const step of workload.environmentSteps) {
    switch (step.kind) {
      case "value":
        environment.set(step.name, step.value);
        break;
      case "reference":
        for (const [name, value] of referenceVariables(step.reference, workload.referenceVariables))
          environment.set(name, value);
        if (step.reference.kind === "connection") trust ??= step.reference.source.trust;
        break;
      case "callback":
        await step.callback({
          resource: workload,
          mode: workload.app.mode,
          environment,
          ...(signal !== undefined && { signal }),
        });
        break;
    }
  }
  for (const endpoint of workload.endpoints)
    if (endpoint.env !== undefined && !environment.has(endpoint.env))
      environment.set(endpoint.env, endpoint.property("targetPort"));
  if (trust !== undefined && !environment.has(nodeTrust)) environment.set(nodeTrust, trust);
  return new Map([...environment].map(([name, value]) => [name, asValue(value)]));
}

/** The arguments of a program, callbacks included. */
export async function collectArguments(workload: Workload, signal?: AbortSignal): Promise<readonly Value[]> {
  const args: ValueLike[] = [];
  for (const step of workload.argumentSteps) {
    if (typeof step !== "function") args.push(step);
    else
      await step({
        resource: workload,
        mode: workload.app.mode,
        args,
        ...(signal !== undefined && { signal }),
      });
  }
  return args.map(asValue);
}

/** All resources that a program's environment and arguments need, itself left out: found by walking them. */
export async function collectNeeds(
  workload: Workload,
  signal?: AbortSignal,
): Promise<ReadonlySet<Workload["waits"][number]["on"]>> {
  const environment = await collectEnvironment(workload, signal);
  const args = await collectArguments(workload, signal);
  const needs = new Set([...environment.values(), ...args].flatMap((value) => value.needs));
  needs.delete(workload);
  return needs;
}
