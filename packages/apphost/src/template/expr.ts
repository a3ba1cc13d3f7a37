/** A value as it stands in a template: plain data, with expressions anywhere in it. `undefined` members are left out. */
export type Input =
  | Expr
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Input[]
  | { readonly [name: string]: Input };

/** Operators of two operands, as Bicep writes them. */
export type Operator = "==" | "!=" | "&&" | "||" | "??" | "<" | "<=" | ">" | ">=" | "+" | "-";

/** What an expression is made of. The writers for Bicep and ARM JSON read this, and nothing else. */
export type ExprNode =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "variable"; readonly name: string }
  /** A resource or a module that the same template declares. */
  | { readonly kind: "declared"; readonly symbol: string }
  | { readonly kind: "member"; readonly of: Expr; readonly name: string }
  | { readonly kind: "index"; readonly of: Expr; readonly index: Expr }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: "method"; readonly of: Expr; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: "interpolated"; readonly parts: readonly (string | Expr)[] }
  /** A name that is an expression is one of text, and is only known when the template is deployed. */
  | { readonly kind: "object"; readonly members: readonly (readonly [name: string | Expr, value: Expr])[] }
  | { readonly kind: "array"; readonly items: readonly Expr[] }
  | { readonly kind: "conditional"; readonly condition: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly kind: "binary"; readonly operator: Operator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "not"; readonly of: Expr };

/**
 * An expression of a template: not yet text, so that the same one can become Bicep and ARM JSON.
 *
 * @example
 * ```ts
 * ref("cache", "properties.hostName");              // cache.properties.hostName
 * call("take", interpolate`cache-${hash}`, 60);     // take('cache-${…}', 60)
 * ref("cache_default").invoke("listKeys").get("primaryKey");
 * ```
 */
export class Expr {
  readonly node: ExprNode;

  constructor(node: ExprNode) {
    this.node = node;
  }

  /** A member, or one of a member: `get("properties.hostName")`. A name with a dot in it takes {@link at}. */
  get(path: string): Expr {
    return path.split(".").reduce((of: Expr, name) => new Expr({ kind: "member", of, name }), this);
  }

  /** An element of an array, or a member whose name is not fit for {@link get}. */
  at(index: Input): Expr {
    return new Expr({ kind: "index", of: this, index: toExpr(index) });
  }

  /** A function of a resource, such as `listKeys`. */
  invoke(name: string, ...args: Input[]): Expr {
    return new Expr({ kind: "method", of: this, name, args: args.map(toExpr) });
  }
}

/** Plain data as an expression; an expression stays itself. */
export function toExpr(input: Input): Expr {
  if (input instanceof Expr) return input;
  if (Array.isArray(input)) {
    const items = (input as readonly Input[]).filter((item) => item !== undefined);
    return new Expr({ kind: "array", items: items.map(toExpr) });
  }
  if (typeof input === "object" && input !== null) {
    const members = Object.entries(input as { readonly [name: string]: Input })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toExpr(value)] as const);
    return new Expr({ kind: "object", members });
  }
  return new Expr({ kind: "literal", value: (input ?? null) as string | number | boolean | null });
}

/** An object with names that are expressions: the ids of identities, for example. */
export function keyed(members: readonly (readonly [name: Input, value: Input])[]): Expr {
  return new Expr({
    kind: "object",
    members: members.map(([name, value]) => [nameOf(name), toExpr(value)]),
  });
}

function nameOf(name: Input): string | Expr {
  const text = interpolate`${toExpr(name)}`;
  return text.node.kind === "literal" ? String(text.node.value) : text;
}

/** A literal: text, whole number, truth value or null. */
export function lit(value: string | number | boolean | null): Expr {
  return new Expr({ kind: "literal", value });
}

/** A parameter of the template. */
export function param(name: string): Expr {
  return new Expr({ kind: "parameter", name });
}

/** A variable of the template. */
export function variable(name: string): Expr {
  return new Expr({ kind: "variable", name });
}

/** A resource or module of the template, or something of it: `ref("cache", "properties.hostName")`. */
export function ref(symbol: string, path?: string): Expr {
  const declared = new Expr({ kind: "declared", symbol });
  return path === undefined ? declared : declared.get(path);
}

/** A function that Bicep and ARM JSON both know by that name: `take`, `guid`, `uniqueString`, `resourceGroup`… */
export function call(name: string, ...args: Input[]): Expr {
  return new Expr({ kind: "call", name, args: args.map(toExpr) });
}

/** Text with values in it, as a tagged template. Without expressions in it, it is a literal. */
export function interpolate(
  strings: TemplateStringsArray | readonly string[],
  ...values: (string | number | Expr)[]
): Expr {
  const parts: (string | Expr)[] = [];
  const add = (part: string | Expr) => {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  };
  strings.forEach((text, index) => {
    add(text);
    const value = values[index];
    if (value === undefined) return;
    const node = value instanceof Expr ? value.node : undefined;
    if (node?.kind === "interpolated") node.parts.forEach(add);
    else if (node?.kind === "literal") add(String(node.value));
    else add(value instanceof Expr ? value : String(value));
  });
  if (parts.every((part) => typeof part === "string")) return lit(parts.join(""));
  return new Expr({ kind: "interpolated", parts });
}

/** `condition ? yes : no`. */
export function conditional(condition: Input, yes: Input, no: Input): Expr {
  return new Expr({ kind: "conditional", condition: toExpr(condition), yes: toExpr(yes), no: toExpr(no) });
}

/** `(left operator right)`. */
export function binary(left: Input, operator: Operator, right: Input): Expr {
  return new Expr({ kind: "binary", operator, left: toExpr(left), right: toExpr(right) });
}

/** `!value`. */
export function not(value: Input): Expr {
  return new Expr({ kind: "not", of: toExpr(value) });
}

/**
 * The name that upstream's generator gives to what it creates:
 * `take('{prefix}-${uniqueString(resourceGroup().id)}', length)`.
 */
export function uniqueName(prefix: string, length: number): Expr {
  return call(
    "take",
    interpolate`${prefix}-${call("uniqueString", call("resourceGroup").get("id"))}`,
    length,
  );
}
