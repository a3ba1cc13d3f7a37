import { isExpression, type Node, readExpression, TemplateFault } from "./expression.ts";
import { pure } from "./functions.ts";
import { idIn, partsOf, resourceId, type ScopeId } from "./ids.ts";

/** What a template may ask the world for while it is deployed. */
export interface World {
  readonly scope: ScopeId;
  readonly deployment: string;
  readonly location: string;
  readonly tenant: string;
  readonly principal: string;
  /** Properties of a resource, or all of it. */
  reference(id: string, full: boolean): unknown;
  /** `listKeys` and its like. */
  list(name: string, id: string): unknown;
}

type Section = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Parameters, variables and expressions of one template. Texts that are no expressions stay; `[[` is `[`. */
export class Evaluation {
  readonly #world: World;
  readonly #parameters: ReadonlyMap<string, unknown>;
  readonly #variables: Section;
  readonly #symbols: Section;

  constructor(template: Section, given: Section, world: World) {
    this.#world = world;
    this.#variables = (template["variables"] as Section | undefined) ?? {};
    this.#symbols = isObject(template["resources"]) ? template["resources"] : {};
    this.#parameters = this.#filled((template["parameters"] as Section | undefined) ?? {}, given);
  }

  value(value: unknown): unknown {
    if (typeof value === "string") {
      if (isExpression(value)) return this.#eval(readExpression(value));
      return value.startsWith("[[") ? value.slice(1) : value;
    }
    if (Array.isArray(value)) return value.map((each) => this.value(each));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [String(this.value(key)), this.value(each)]),
    );
  }

  text(value: unknown): string {
    const found = this.value(value);
    if (typeof found !== "string")
      throw new TemplateFault(`A text was expected, not ${JSON.stringify(found)}.`);
    return found;
  }

  #filled(declared: Section, given: Section): ReadonlyMap<string, unknown> {
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
    if (unknown.length > 0)
      throw new TemplateFault(
        `Deployment template validation failed: 'The following parameters were supplied, but do not correspond to any parameters defined in the template: '${unknown.join(", ")}'.`,
      );
    const values = new Map<string, unknown>();
    for (const [name, declaration] of Object.entries(declared)) {
      const { type, defaultValue, allowedValues, minLength, maxLength } = declaration as Section;
      const its = given[name];
      if (its !== undefined && (!isObject(its) || Object.keys(its).join() !== "value"))
        throw new TemplateFault(
          `The parameter '${name}' must be an object with the member 'value'.`,
          "InvalidRequestContent",
        );
      // Defaults may use parameters that come before.
      const before = new Evaluation({ variables: this.#variables }, {}, this.#world);
      before.#borrow(values);
      const value = its === undefined ? before.value(defaultValue) : (its as Section)["value"];
      if (value === undefined || (value === null && its !== undefined))
        throw new TemplateFault(
          `Deployment template validation failed: 'The value for the template parameter '${name}' at line '1' and column '1' is not provided.'`,
        );
      mustBe(name, String(type), value);
      if (Array.isArray(allowedValues) && !allowedValues.includes(value))
        throw new TemplateFault(`The value of the parameter '${name}' is not allowed.`);
      const length = typeof value === "string" || Array.isArray(value) ? value.length : null;
      if (
        length !== null &&
        (length < Number(minLength ?? 0) || length > Number(maxLength ?? Number.POSITIVE_INFINITY))
      )
        throw new TemplateFault(`The parameter '${name}' has a wrong length.`);
      values.set(name.toLowerCase(), value);
    }
    return values;
  }

  #borrow(values: ReadonlyMap<string, unknown>): void {
    for (const [name, value] of values) (this.#parameters as Map<string, unknown>).set(name, value);
  }

  #eval(node: Node): unknown {
    switch (node.kind) {
      case "literal":
        return node.value;
      case "member":
        return memberOf(this.#eval(node.of), this.#eval(node.key));
      case "call":
        return this.#call(node.name, node.args);
    }
  }

  #call(name: string, args: readonly Node[]): unknown {
    const lower = name.toLowerCase();
    if (lower === "if") return this.#eval((this.#eval(args[0] as Node) === true ? args[1] : args[2]) as Node);
    const values = args.map((arg) => this.#eval(arg));
    const texts = values.map(String);
    const { scope, tenant, location, deployment, principal } = this.#world;
    const { subscription, group } = partsOf(scope);
    if (/^list[a-z]*$/.test(lower)) return this.#world.list(name, this.#idOf(texts[0] ?? ""));
    switch (lower) {
      case "parameters":
        return this.#named(this.#parameters, texts[0] ?? "", "parameter");
      case "variables":
        return this.value(this.#variable(texts[0] ?? ""));
      case "reference":
        return this.#world.reference(this.#idOf(texts[0] ?? ""), texts[2]?.toLowerCase() === "full");
      case "resourceid":
        return resourceId(scope, texts);
      case "subscriptionresourceid":
        return /\//.test(texts[0] ?? "")
          ? idIn(`/subscriptions/${subscription}`, texts[0] ?? "", texts.slice(1).join("/"))
          : idIn(`/subscriptions/${texts[0]}`, texts[1] ?? "", texts.slice(2).join("/"));
      case "tenantresourceid":
        return idIn("", texts[0] ?? "", texts.slice(1).join("/"));
      case "extensionresourceid":
        return idIn(texts[0] ?? "", texts[1] ?? "", texts.slice(2).join("/"));
      case "resourcegroup":
        if (group === undefined)
          throw new TemplateFault("resourceGroup() is not there in a deployment of a subscription.");
        return { id: scope, name: group, location, type: "Microsoft.Resources/resourceGroups" };
      case "subscription":
        return {
          id: `/subscriptions/${subscription}`,
          subscriptionId: subscription,
          tenantId: tenant,
          displayName: "stand-in",
        };
      case "tenant":
        return { tenantId: tenant };
      case "deployment":
        return { name: deployment, location, properties: {} };
      case "deployer":
        return { objectId: principal, tenantId: tenant };
      case "environment":
        return { name: "stand-in", suffixes: { keyvaultDns: ".localhost" } };
      default: {
        const known = Object.hasOwn(pure, lower) ? pure[lower] : undefined;
        if (known === undefined) throw new TemplateFault(`The template function '${name}' is not valid.`);
        return known(...values);
      }
    }
  }

  /** A symbol, a name or an id, as an id. */
  #idOf(text: string): string {
    const symbol = Object.hasOwn(this.#symbols, text) ? (this.#symbols[text] as Section) : undefined;
    if (symbol === undefined) return text;
    return idIn(this.#world.scope, String(symbol["type"]), this.text(symbol["name"]));
  }

  #variable(name: string): unknown {
    const key = Object.keys(this.#variables).find((each) => each.toLowerCase() === name.toLowerCase());
    if (key === undefined) throw new TemplateFault(`The template variable '${name}' is not found.`);
    return this.#variables[key];
  }

  #named(values: ReadonlyMap<string, unknown>, name: string, what: string): unknown {
    if (!values.has(name.toLowerCase()))
      throw new TemplateFault(`The template ${what} '${name}' is not found.`);
    return values.get(name.toLowerCase());
  }
}

function mustBe(name: string, type: string, value: unknown): void {
  const fits: Readonly<Record<string, (value: unknown) => boolean>> = {
    string: (its) => typeof its === "string",
    securestring: (its) => typeof its === "string",
    int: Number.isInteger,
    bool: (its) => typeof its === "boolean",
    array: Array.isArray,
    object: isObject,
    secureobject: isObject,
  };
  const check = fits[type.toLowerCase()];
  if (check === undefined)
    throw new TemplateFault(`The parameter '${name}' has the type '${type}', which is none.`);
  if (!check(value))
    throw new TemplateFault(
      `The provided value for the template parameter '${name}' is not of type '${type}'.`,
    );
}

function memberOf(of: unknown, key: unknown): unknown {
  if (Array.isArray(of) && typeof key === "number") return of[key] as unknown;
  if (isObject(of)) {
    const found = Object.keys(of).find((each) => each.toLowerCase() === String(key).toLowerCase());
    if (found !== undefined) return of[found];
    throw new TemplateFault(
      `The language expression property '${String(key)}' doesn't exist, available properties are '${Object.keys(of).join(", ")}'.`,
    );
  }
  throw new TemplateFault(`The language expression property '${String(key)}' can't be evaluated.`);
}
