import { ConnectionStringReference } from "../../model/connection.ts";
import { Conditional, Expression } from "../../model/expression.ts";
import { Output } from "../../model/output.ts";
import { ParameterResource } from "../../model/parameter.ts";
import { Literal, type Value } from "../../model/value.ts";
import { bicepSymbol, parameterSymbol } from "../../names/symbol.ts";
import { binary, call, conditional, type Expr, interpolate, lit, param, ref } from "../../template/expr.ts";
import type { Param } from "../../template/module.ts";

/** A parameter of `main.bicep` that stands for a value of the app. */
export interface MainParameter {
  readonly param: Param;
  /** The value's published form: `{name.value}`. */
  readonly published: string;
  /** The parameter of the app; without one, the value is made by something that `main.bicep` does not deploy. */
  readonly source: ParameterResource | undefined;
}

/**
 * Values of the app as expressions of `main.bicep`: outputs of modules it deploys, and parameters for everything that it is not
 * told otherwise. Parameters are kept in the order in which they were first needed.
 */
export class MainValues {
  readonly #parameters = new Map<string, MainParameter>();

  get parameters(): readonly MainParameter[] {
    return [...this.#parameters.values()];
  }

  /** The expression for a value. */
  use(value: Value): Expr {
    if (value instanceof Literal) return lit(value.published);
    if (value instanceof Output) return ref(bicepSymbol(value.owner.name), "outputs").get(value.name);
    if (value instanceof ParameterResource) return this.#parameter(bicepSymbol(value.name), value, value);
    if (value instanceof ConnectionStringReference) return this.use(value.resource.connectionString());
    if (value instanceof Expression) return this.#text(value);
    if (value instanceof Conditional) {
      // Upstream compares without case only what it can work out by itself.
      const decided = binary(this.use(value.condition), "==", value.match);
      return conditional(decided, this.use(value.whenTrue), this.use(value.whenFalse));
    }
    return this.#parameter(parameterSymbol(value.published), value, undefined);
  }

  #text({ parts }: Expression): Expr {
    const strings: string[] = [""];
    const values: Expr[] = [];
    for (const part of parts) {
      if (typeof part === "string") strings[strings.length - 1] += part;
      else {
        const inner = this.use(part.value);
        values.push(part.format === "uri" ? call("uriComponent", inner) : inner);
        strings.push("");
      }
    }
    const [only] = values;
    if (only !== undefined && values.length === 1 && strings.join("") === "") return only;
    return interpolate(strings, ...values);
  }

  #parameter(name: string, value: Value, source: ParameterResource | undefined): Expr {
    if (!this.#parameters.has(name)) {
      const preset = value.secret ? undefined : source?.publishedDefault;
      this.#parameters.set(name, {
        param: {
          name,
          type: "string",
          ...(value.secret && { secure: true }),
          ...(preset !== undefined && { default: preset }),
        },
        published: value.published,
        source,
      });
    }
    return param(name);
  }
}
