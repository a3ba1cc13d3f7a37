import { randomUUID } from "node:crypto";
import type { Evaluation, World } from "./evaluation.ts";
import { TemplateFault } from "./expression.ts";
import { parentOf, partsOf } from "./ids.ts";
import { type Plan, type Planned, plan } from "./plan.ts";
import { keysOf, made, ProviderFault } from "./providers.ts";
import type { Store } from "./store.ts";

type Section = Readonly<Record<string, unknown>>;

/** An error as Azure tells it. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly Told[];
}

/** What a deployment needs of the stand-in. */
export interface DeploymentGround {
  readonly store: Store;
  readonly tenant: string;
  readonly principal: string;
  openVault(name: string): string;
  /** Takes its time over a resource; may fail it. */
  work(id: string, type: string, signal: AbortSignal): Promise<void>;
}

/** A deployment that was asked for. */
export interface Asked {
  readonly id: string;
  readonly scope: string;
  readonly scopeKind: "group" | "subscription" | "tenant";
  readonly name: string;
  readonly location: string;
  readonly template: Section;
  readonly parameters: Section;
}

interface Operation {
  readonly id: string;
  readonly planned: Planned;
  state: "Running" | "Succeeded" | "Failed";
  error?: Told;
}

/** A deployment: checked at once, carried out in the background. */
export class Deployment {
  readonly id: string;
  readonly name: string;
  readonly operation = randomUUID();
  readonly asked: Asked;
  readonly operations: Operation[] = [];
  readonly begun = new Date();
  state: "Accepted" | "Running" | "Succeeded" | "Failed" | "Canceled" = "Accepted";
  outputs: Record<string, { type: string; value?: unknown }> = {};
  error: Told | null = null;
  readonly done: Promise<void>;
  readonly #ground: DeploymentGround;
  readonly #plan: Plan;
  readonly #cancel = new AbortController();

  /** @throws TemplateFault what Azure refuses at once */
  constructor(asked: Asked, ground: DeploymentGround) {
    this.asked = asked;
    this.id = asked.id;
    this.name = asked.name;
    this.#ground = ground;
    this.#plan = planned(asked, ground);
    this.done = this.#run();
  }

  get active(): boolean {
    return this.state === "Accepted" || this.state === "Running";
  }

  /** @returns false where it has ended already */
  cancel(): boolean {
    if (!this.active) return false;
    this.state = "Canceled";
    this.error = { code: "DeploymentCanceled", message: "The deployment was canceled." };
    this.#cancel.abort();
    return true;
  }

  /** As `GET` gives it. */
  document(): Section {
    const { asked, state, outputs, error } = this;
    const secure = (name: string): boolean =>
      /^secure/i.test(
        String(
          ((asked.template["parameters"] as Section | undefined)?.[name] as Section | undefined)?.["type"],
        ),
      );
    const parameters = Object.entries(asked.parameters).map(([name, its]) => [
      name,
      secure(name) ? { type: "SecureString" } : its,
    ]);
    return {
      id: this.id,
      name: this.name,
      type: "Microsoft.Resources/deployments",
      ...(asked.scopeKind !== "group" && { location: asked.location }),
      properties: {
        provisioningState: state,
        mode: "Incremental",
        timestamp: this.begun.toISOString(),
        correlationId: this.operation,
        parameters: Object.fromEntries(parameters) as unknown,
        ...(state === "Succeeded" && {
          outputs,
          outputResources: this.operations.map(({ planned: { id } }) => ({ id })),
        }),
        ...(error !== null && { error }),
      },
    };
  }

  async #run(): Promise<void> {
    // The answer to the request comes first.
    await new Promise(setImmediate);
    if (this.state === "Accepted") this.state = "Running";
    const ended = new Map<string, Promise<boolean>>();
    const start = (each: Planned): Promise<boolean> => {
      const known = ended.get(each.id.toLowerCase());
      if (known !== undefined) return known;
      const before = this.#plan.resources.filter(({ id }) => each.after.includes(id.toLowerCase()));
      const result = Promise.all(before.map(start)).then((oks) =>
        oks.every(Boolean) ? this.#put(each) : false,
      );
      ended.set(each.id.toLowerCase(), result);
      return result;
    };
    await Promise.all(this.#plan.resources.map(start));
    if (this.#cancel.signal.aborted) return;
    const failed = this.operations.flatMap(({ error }) => (error === undefined ? [] : [error]));
    try {
      if (failed.length === 0) this.outputs = this.#evaluatedOutputs();
    } catch (error) {
      failed.push({ code: "DeploymentOutputEvaluationFailed", message: (error as Error).message });
    }
    if (failed.length > 0)
      this.error = {
        code: "DeploymentFailed",
        message:
          "At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.",
        details: failed,
      };
    this.state = failed.length > 0 ? "Failed" : "Succeeded";
  }

  async #put(each: Planned): Promise<boolean> {
    if (!each.wanted || this.#cancel.signal.aborted) return !this.#cancel.signal.aborted;
    const operation: Operation = { id: randomUUID(), planned: each, state: "Running" };
    this.operations.push(operation);
    try {
      if (each.type.toLowerCase() === "microsoft.resources/deployments") await this.#nested(each);
      else await this.#resource(each);
      operation.state = "Succeeded";
      return true;
    } catch (error) {
      if (this.#cancel.signal.aborted) return false;
      operation.state = "Failed";
      operation.error = told(error, each.id);
      return false;
    }
  }

  async #resource({ id, type, apiVersion, source }: Planned): Promise<void> {
    const { store, tenant } = this.#ground;
    const { evaluation } = this.#plan;
    const {
      name: _,
      type: __,
      apiVersion: ___,
      dependsOn: ____,
      condition: _____,
      scope: ______,
      ...rest
    } = source;
    const document = evaluation.value(rest) as Section;
    // Azure refuses a second change of a database while one is under way: microsoft/aspire#13043.
    const parent = parentOf(id);
    const lock =
      /\/accessPolicyAssignments\//i.test(id) && parent !== null ? parent.toLowerCase() : id.toLowerCase();
    if (store.busy.has(lock))
      throw new ProviderFault(
        "Conflict",
        `The resource '${lock}' is being changed by another operation. Please try again later.`,
      );
    store.busy.add(lock);
    try {
      await this.#ground.work(id, type, this.#cancel.signal);
      const put = {
        id,
        document,
        tenant,
        location: typeof document["location"] === "string" ? document["location"] : this.asked.location,
        before: store.get(id),
      };
      store.put(
        made(
          { ...put, openVault: (name) => this.#ground.openVault(name) },
          apiVersion,
          parent === null ? null : store.get(parent),
        ),
      );
      if (type.toLowerCase() === "microsoft.resources/resourcegroups") {
        const { subscription } = partsOf(id);
        const name = id.split("/").at(-1) ?? "";
        store.groups.set(`${subscription}/${name}`.toLowerCase(), { name, location: put.location, tags: {} });
      }
    } finally {
      store.busy.delete(lock);
    }
  }

  async #nested(each: Planned): Promise<void> {
    const { evaluation } = this.#plan;
    const { subscriptionId, resourceGroup, scope } = each.source;
    const { subscription, group } = partsOf(this.asked.scope);
    const itsSubscription = subscriptionId === undefined ? subscription : evaluation.text(subscriptionId);
    const itsGroup =
      resourceGroup === undefined
        ? subscriptionId === undefined && scope === undefined
          ? group
          : undefined
        : evaluation.text(resourceGroup);
    const into =
      scope === "/"
        ? ""
        : `/subscriptions/${itsSubscription}${itsGroup === undefined ? "" : `/resourceGroups/${itsGroup}`}`;
    const { expressionEvaluationOptions, template, parameters = {} } = each.source["properties"] as Section;
    if ((expressionEvaluationOptions as Section | undefined)?.["scope"] !== "inner")
      throw new TemplateFault(
        "This stand-in knows nested deployments of scope 'inner' only.",
        "NotImplemented",
      );
    const inner = new Deployment(
      {
        id: `${into}/providers/Microsoft.Resources/deployments/${each.name}`,
        scope: into,
        scopeKind: itsGroup !== undefined ? "group" : scope === "/" ? "tenant" : "subscription",
        name: each.name,
        location: this.asked.location,
        template: template as Section,
        parameters: evaluation.value(parameters) as Section,
      },
      this.#ground,
    );
    await inner.done;
    if (inner.error !== null)
      throw new ProviderFault(inner.error.code, JSON.stringify({ error: inner.error }));
    this.#ground.store.put({
      id: each.id,
      type: each.type,
      name: each.name,
      apiVersion: each.apiVersion,
      properties: { outputs: inner.outputs },
      hidden: {},
    });
  }

  #evaluatedOutputs(): Record<string, { type: string; value?: unknown }> {
    return Object.fromEntries(
      Object.entries(this.#plan.outputs).map(([name, declaration]) => {
        const { type, value } = declaration as { type: string; value: unknown };
        const label = type[0]?.toUpperCase() + type.slice(1);
        return [
          name,
          /^secure/i.test(type)
            ? { type: label }
            : { type: label, value: this.#plan.evaluation.value(value) },
        ];
      }),
    );
  }
}

/** Reads and checks what is asked for. @throws TemplateFault */
export function planned(asked: Asked, ground: DeploymentGround): Plan {
  return plan(asked.template, asked.parameters, worldOf(asked, ground), asked.scopeKind);
}

function worldOf({ scope, name, location }: Asked, { store, tenant, principal }: DeploymentGround): World {
  const found = (id: string) => {
    const stored = store.get(id);
    if (stored !== null) return stored;
    throw new ProviderFault(
      "ResourceNotFound",
      `The Resource '${id}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  };
  return {
    scope,
    deployment: name,
    location,
    tenant,
    principal,
    reference: (id, full) => {
      const { hidden: _, ...resource } = found(id);
      return full ? resource : resource.properties;
    },
    list: (its, id) => keysOf(its, found(id)),
  };
}

function told(error: unknown, id: string): Told {
  const code =
    error instanceof ProviderFault || error instanceof TemplateFault ? error.code : "InternalServerError";
  return { code, message: (error as Error).message, target: id };
}

/** For what-if: a resource's document as the template says it, where it can be told. */
export function wantedDocument(evaluation: Evaluation, { source }: Planned): Section {
  const { dependsOn: _, condition: __, scope: ___, name: ____, ...rest } = source;
  return evaluation.value(rest) as Section;
}
