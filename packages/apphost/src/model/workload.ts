import { type ConnectionSource, hasConnectionString } from "./connection.ts";
import { Endpoint, type EndpointOptions } from "./endpoint.ts";
import type { EnvironmentStep } from "./environment.ts";
import { asValue, type ValueLike } from "./expression.ts";
import { fault } from "./fault.ts";
import { httpHealthCheck } from "./http-health-check.ts";
import { allReferenceVariables, type Reference, type ReferenceVariables } from "./reference.ts";
import { Resource } from "./resource.ts";
import type { Value } from "./value.ts";

/** What callbacks of the environment are given. */
export interface EnvironmentContext {
  readonly resource: Workload;
  readonly mode: "run" | "publish";
  /** Variables so far; what is put in is text or a value. */
  readonly environment: Map<string, ValueLike>;
  readonly signal?: AbortSignal;
}

/** What callbacks of the arguments are given. */
export interface ArgumentsContext {
  readonly resource: Workload;
  readonly mode: "run" | "publish";
  /** Arguments so far. */
  readonly args: ValueLike[];
  readonly signal?: AbortSignal;
}

/** Asked when the program is about to start, or to be published. */
export type EnvironmentCallback = (context: EnvironmentContext) => void | Promise<void>;
/** The same for arguments. */
export type ArgumentsCallback = (context: ArgumentsContext) => void | Promise<void>;

/** Options of {@link Workload.withReference}. */
export interface ReferenceOptions {
  /** In place of the resource's name. `""` gives variables of properties without a prefix. */
  readonly connectionName?: string;
  /** Whether the connection string may be absent. Default false. */
  readonly optional?: boolean;
}

/** Roles that a program is given on a resource in a cloud. */
export interface RoleAssignment {
  readonly target: Resource;
  /** By their built-in ids, with the names that they have in templates: `KeyVaultSecretsUser`. */
  readonly roles: readonly { readonly id: string; readonly name: string }[];
}

/** A resource that is a program: it has an environment, arguments, endpoints, and uses other resources. */
export abstract class Workload extends Resource {
  /** What makes its environment, in the order of the calls: later ones win. */
  readonly environmentSteps: EnvironmentStep[] = [];
  readonly argumentSteps: (Value | ArgumentsCallback)[] = [];
  readonly endpoints: Endpoint[] = [];
  /** What references put into the environment. Default: all. */
  referenceVariables: readonly ReferenceVariables[] = allReferenceVariables;

  /** The identity that it has in a cloud; one is made for it where it needs one. */
  identity: Resource | undefined;
  /** Roles in place of the default ones, each on a resource. */
  readonly roleAssignments: RoleAssignment[] = [];

  /** Whether it runs inside a container on this machine. */
  get containerised(): boolean {
    return false;
  }

  /** What it refers to, in the order of the calls. */
  get references(): readonly Reference[] {
    return this.environmentSteps.flatMap((step) => (step.kind === "reference" ? [step.reference] : []));
  }

  /** Sets a variable: to text, or to what a parameter, an endpoint (its URL), an output or a connection string is then. */
  withEnvironment(name: string, value: ValueLike): this {
    if (name === "" || name.includes("=") || name.includes("\0"))
      throw fault("APP_MODEL", `${JSON.stringify(name)} cannot be the name of a variable`);
    this.environmentSteps.push({ kind: "value", name, value: asValue(value) });
    return this;
  }

  /** Lets a function change the environment when the program is about to start, or to be published. */
  withEnvironmentCallback(callback: EnvironmentCallback): this {
    this.environmentSteps.push({ kind: "callback", callback });
    return this;
  }

  /** Adds arguments. */
  withArgs(...args: readonly (ValueLike | readonly ValueLike[])[]): this {
    for (const arg of args.flat() as ValueLike[]) this.argumentSteps.push(asValue(arg));
    return this;
  }

  /** Lets a function change the arguments when the program is about to start, or to be published. */
  withArgsCallback(callback: ArgumentsCallback): this {
    this.argumentSteps.push(callback);
    return this;
  }

  /** Adds a place that it listens at. @throws RedoubtError `APP_NAME` when it has an endpoint of that name */
  withEndpoint(options: EndpointOptions = {}): this {
    const endpoint = new Endpoint(this, options);
    if (this.endpoints.some(({ name }) => name.toLowerCase() === endpoint.name.toLowerCase()))
      throw fault("APP_NAME", `"${this.name}" has an endpoint "${endpoint.name}" already`, {
        hint: "Give the second one a name of its own.",
      });
    this.endpoints.push(endpoint);
    return this;
  }

  /** The same for HTTP; `env: "PORT"` tells the program its port. */
  withHttpEndpoint(options: Omit<EndpointOptions, "scheme"> = {}): this {
    return this.withEndpoint({ ...options, scheme: "http" });
  }

  /** The same for HTTPS. */
  withHttpsEndpoint(options: Omit<EndpointOptions, "scheme"> = {}): this {
    return this.withEndpoint({ ...options, scheme: "https" });
  }

  /** Its HTTP and HTTPS endpoints are to be reached from outside when published. */
  withExternalHttpEndpoints(): this {
    for (const endpoint of this.endpoints)
      if (endpoint.scheme === "http" || endpoint.scheme === "https") endpoint.external = true;
    return this;
  }

  /** An endpoint by its name. @throws RedoubtError `APP_REFERENCE` */
  getEndpoint(name: string): Endpoint {
    const found = this.endpoints.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    const known = this.endpoints.map((one) => one.name).join(", ") || "none";
    throw fault("APP_REFERENCE", `"${this.name}" has no endpoint "${name}"; it has ${known}`);
  }

  /**
   * Uses another resource, and is told in its environment where that is: see `referenceVariables`. Does not wait for it.
   * @param what a resource with a connection string, a program with HTTP endpoints, one endpoint, or an address
   * @throws RedoubtError `APP_REFERENCE` for a resource that has neither
   */
  withReference(
    what: ConnectionSource | Workload | Endpoint | URL,
    options: ReferenceOptions & { readonly name?: string } = {},
  ): this {
    const reference = this.#reference(what, options);
    this.environmentSteps.push({ kind: "reference", reference });
    return reference.kind === "address" ? this : this.withReferenceRelationship(reference.source);
  }

  /** Gives it an identity of the app's choice in Azure, which several programs may share, in place of `{name}-identity`. */
  withAzureUserAssignedIdentity(identity: Resource): this {
    this.identity = identity;
    return this.withRelationship(identity, "Identity");
  }

  /** Gives it these roles on a resource in Azure, in place of the default ones. Calls for one resource add up. */
  withRoleAssignments(target: Resource, ...roles: RoleAssignment["roles"]): this {
    this.roleAssignments.push({ target, roles });
    return this;
  }

  /** Chooses what references put into the environment. */
  withReferenceEnvironment(...chosen: readonly (ReferenceVariables | "all" | "none")[]): this {
    this.referenceVariables = chosen.includes("all")
      ? allReferenceVariables
      : chosen.filter((one) => one !== "all" && one !== "none");
    return this;
  }

  /**
   * Asks an HTTP endpoint whether the program is well.
   * @param options `path` default `/`, `statusCode` default 200, `endpointName` default the first HTTP one
   */
  withHttpHealthCheck(
    options: { readonly path?: string; readonly statusCode?: number; readonly endpointName?: string } = {},
  ): this {
    return this.withHealthCheck(httpHealthCheck(this, options));
  }

  #reference(
    what: ConnectionSource | Workload | Endpoint | URL,
    { connectionName, optional = false, name }: ReferenceOptions & { readonly name?: string },
  ): Reference {
    if (what instanceof URL) {
      if (name === undefined) throw fault("APP_REFERENCE", "a reference to an address needs { name }");
      return { kind: "address", name, url: what.href };
    }
    if (what instanceof Endpoint) {
      if (what.owner instanceof Workload) return { kind: "service", source: what.owner, endpoint: what };
    } else if (hasConnectionString(what)) {
      return { kind: "connection", source: what, connectionName, optional };
    } else if (what instanceof Workload && what.endpoints.length > 0) {
      return { kind: "service", source: what, endpoint: null };
    }
    const called = what instanceof Resource ? `"${what.name}"` : "what was given";
    throw fault("APP_REFERENCE", `${called} has neither a connection string nor an endpoint`, {
      hint: "Call withHttpEndpoint() on it first, or pass a value with withEnvironment().",
    });
  }
}
