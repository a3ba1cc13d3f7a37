import type { RedoubtError } from "@redoubt/client";
import { fault } from "../../model/fault.ts";
import type { ParameterResource } from "../../model/parameter.ts";
import type { Value } from "../../model/value.ts";
import { bicepSymbol, parameterSymbol } from "../../names/symbol.ts";
import { call, type Expr, type Input, lit, param, ref, uniqueName } from "../../template/expr.ts";
import type {
  Declared,
  Module,
  OutputDeclaration,
  Param,
  TargetScope,
  ValueType,
} from "../../template/module.ts";

/** What whoever deploys fills in: the principal that is given access, and where resources are made. */
export type Known = "principalId" | "principalType" | "principalName" | "userPrincipalId" | "location";

/** A parameter of a module, and what is given for it. */
export type ModuleParameter = readonly [parameter: string, value: Value | Known];

/** A further parameter of a module. */
export interface ParameterOptions {
  /** Default `string`. */
  readonly type?: ValueType;
  readonly description?: string;
  /** Never shown or kept by Azure. Default false. */
  readonly secure?: boolean;
  /** Without one, whoever deploys must say the value. */
  readonly default?: Input;
}

/**
 * What one Azure resource of the app becomes: a module with parameters, resources and outputs. `configureInfrastructure` gets it
 * with the resource's own settings as typed objects, and may change and add.
 */
export class Infrastructure {
  /** How errors call it: the name of the resource. */
  readonly name: string;
  /** Symbol of the main resource of the module. */
  readonly symbol: string;
  readonly #params: Param[] = [
    {
      name: "location",
      type: "string",
      description: "The location for the resource(s) to be deployed.",
      default: call("resourceGroup").get("location"),
    },
  ];
  readonly #given = new Map<string, Value | Known>();
  /** What the app host declares, and after it what `configureInfrastructure` adds. */
  readonly #resources = { own: [] as Declared[], added: [] as Declared[] };
  readonly #outputs = new Map<string, OutputDeclaration>();
  readonly #addedOutputs = new Map<string, OutputDeclaration>();
  #phase: "own" | "added" = "own";

  constructor(name: string) {
    this.name = name;
    this.symbol = bicepSymbol(name);
  }

  /** `location`: by default that of the resource group. */
  get location(): Expr {
    return param("location");
  }

  /**
   * A further parameter, which the module has afterwards; whoever deploys gives its value.
   * @throws RedoubtError `APP_MODEL` for a name that is there already or no identifier
   */
  parameter(name: string, options: ParameterOptions = {}): Expr {
    if (this.#params.some((other) => other.name === name))
      throw this.#broken(`the parameter "${name}" is there already`, "Take another name.");
    if (bicepSymbol(name) !== name)
      throw this.#broken(`"${name}" is no name of a parameter`, `Write it as ${bicepSymbol(name)}.`);
    const { type = "string", description, secure, default: preset } = options;
    this.#params.push({
      name,
      type,
      description,
      secure,
      ...(preset === undefined ? {} : { default: preset }),
    });
    return param(name);
  }

  /**
   * A value of the app in the module: a parameter, which the deployment fills with it. Asked for twice, it is the same
   * parameter. Text without a reference in it stays text.
   * @param options name of the parameter (default: made of the reference), and whether it is a secret
   * @example redis.configureInfrastructure((infra) => { infra.cluster.tags["team"] = infra.use(team); });
   */
  use(value: Value, options: { readonly as?: string; readonly secure?: boolean } = {}): Expr {
    const { as, secure = value.secret } = options;
    if (as === undefined && !value.published.includes("{")) return lit(value.published);
    return this.#filled(as ?? parameterName(value), value, secure);
  }

  /** A parameter that whoever deploys fills in. */
  known(name: Exclude<Known, "location">, preset?: Input): Expr {
    return this.#filled(name, name, false, preset);
  }

  /** A further resource in the module, as it stands in a template. Gives a reference to it. */
  add(resource: Declared): Expr {
    if (this.find(resource.symbol) !== undefined)
      throw this.#broken(
        `there are two resources with the symbol "${resource.symbol}"`,
        "Take another symbol.",
      );
    this.#resources[this.#phase].push(resource);
    return ref(resource.symbol);
  }

  /** The resource of a symbol, if the module has it already. */
  find(symbol: string): Declared | undefined {
    const { own, added } = this.#resources;
    return [...own, ...added].find((resource) => resource.symbol === symbol);
  }

  /** A further output, which the app can read with `output(name)`; one of that name is replaced. */
  output(name: string, value: Input, type: ValueType = "string"): void {
    (this.#phase === "own" ? this.#outputs : this.#addedOutputs).set(name, { name, type, value });
  }

  /** Runs what `configureInfrastructure` was given, so that what it adds comes after what the app host declares. */
  configure(callbacks: readonly ((infrastructure: this) => void)[]): void {
    this.#phase = "added";
    for (const callback of callbacks) callback(this);
    this.#phase = "own";
  }

  /** The module, when everything is said. */
  module(targetScope?: TargetScope): Module {
    return {
      ...(targetScope === undefined ? {} : { targetScope }),
      params: [...this.#params],
      resources: [...this.#resources.own, ...this.#resources.added],
      outputs: [...new Map([...this.#outputs, ...this.#addedOutputs]).values()],
    };
  }

  /** What is given for its parameters. `location` is not among them: it has a default. */
  get given(): readonly ModuleParameter[] {
    return [...this.#given];
  }

  #filled(name: string, value: Value | Known, secure: boolean, preset?: Input): Expr {
    const before = this.#given.get(name);
    if (before === undefined) {
      this.parameter(name, {
        ...(secure ? { secure } : {}),
        ...(preset === undefined ? {} : { default: preset }),
      });
      this.#given.set(name, value);
    } else if (published(before) !== published(value))
      throw this.#broken(
        `${published(before)} and ${published(value)} would both be the parameter "${name}"`,
        "Rename one of the resources.",
      );
    return param(name);
  }

  #broken(message: string, fix: string): RedoubtError {
    return fault("APP_MODEL", `${this.name}: ${message}`, { hint: fix });
  }
}

/** Name in Azure as upstream makes it: characters that the type allows, and a hash of the resource group's id. */
export function azureName(symbol: string, longest: number, underscores = false): Expr {
  return uniqueName(underscores ? symbol : symbol.replaceAll("_", ""), longest);
}

/** A parameter of the app keeps its name, everything else is named after its reference. */
function parameterName(value: Value): string {
  return isParameter(value) ? bicepSymbol(value.name) : parameterSymbol(value.published);
}

function isParameter(value: Value): value is ParameterResource {
  return "name" in value && "type" in value && value.type === "parameter";
}

function published(value: Value | Known): string {
  return typeof value === "string" ? value : value.published;
}
