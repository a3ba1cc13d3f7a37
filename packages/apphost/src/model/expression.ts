import { xxh32 } from "../names/xxh32.ts";
import { ConnectionStringReference, type HasConnectionString, hasConnectionString } from "./connection.ts";
import { Endpoint } from "./endpoint.ts";
import { fault } from "./fault.ts";
import type { Resource } from "./resource.ts";
import { isValue, Literal, type ResolveContext, type Value } from "./value.ts";

/** A value inside a text. */
export interface Hole {
  readonly value: Value;
  /** `uri`: percent-encoded. */
  readonly format?: "uri";
}

/** What may stand where a value is wanted. */
export type ValueLike = string | number | Value | Endpoint | HasConnectionString;

/** A percent-encoded value, for {@link refExpr}. */
export class UriEncoded {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** Percent-encodes a value inside of {@link refExpr}: `` refExpr`redis://:${uri(password)}@${host}` ``. */
export function uri(value: ValueLike): UriEncoded {
  return new UriEncoded(asValue(value));
}

/** Text with values in it. */
export class Expression implements Value {
  readonly parts: readonly (string | Hole)[];

  constructor(parts: readonly (string | Hole)[]) {
    this.parts = parts;
  }

  get published(): string {
    return this.parts.map((part) => (typeof part === "string" ? part : publishedHole(part))).join("");
  }

  get secret(): boolean {
    return this.parts.some((part) => typeof part !== "string" && part.value.secret);
  }

  get needs(): readonly Resource[] {
    return union(this.parts.flatMap((part) => (typeof part === "string" ? [] : part.value.needs)));
  }

  /** @returns `undefined` where one of the values is absent */
  async resolve(context: ResolveContext): Promise<string | undefined> {
    const texts = await Promise.all(
      this.parts.map(async (part) => {
        if (typeof part === "string") return part;
        const text = await part.value.resolve(context);
        return part.format === "uri" && text !== undefined ? encodeUri(text) : text;
      }),
    );
    return texts.some((text) => text === undefined) ? undefined : texts.join("");
  }
}

/** One of two values, by a third one. Published as a resource of the manifest with a name of its own. */
export class Conditional implements Value {
  readonly condition: Value;
  readonly whenTrue: Value;
  readonly whenFalse: Value;
  /** What the condition must be, without regard to case. */
  readonly match: string;

  constructor(condition: Value, whenTrue: Value, whenFalse: Value, match = "True") {
    this.condition = condition;
    this.whenTrue = whenTrue;
    this.whenFalse = whenFalse;
    this.match = match;
  }

  /** `cond-cache-bindings-tcp-tlsenabled-d148d83a`, as upstream makes it. */
  get name(): string {
    const condition = this.condition.published;
    const words = condition.replace(/[^\p{L}\p{Nd}]+/gu, "-").replace(/^-|-$/g, "");
    const hash = xxh32(condition + this.whenTrue.published + this.whenFalse.published + this.match);
    return `cond-${words === "" ? "expr" : words.toLowerCase()}-${hash}`;
  }

  get published(): string {
    return `{${this.name}.connectionString}`;
  }

  get secret(): boolean {
    return this.whenTrue.secret || this.whenFalse.secret;
  }

  get needs(): readonly Resource[] {
    return union([this.condition, this.whenTrue, this.whenFalse].flatMap(({ needs }) => needs));
  }

  async resolve(context: ResolveContext): Promise<string | undefined> {
    const decided = await this.condition.resolve(context);
    const branch = decided?.toLowerCase() === this.match.toLowerCase() ? this.whenTrue : this.whenFalse;
    return branch.resolve(context);
  }
}

/**
 * A text with values in it, each of which has its value when the app runs, and its expression when it is published:
 *
 * ```ts text
 * app.withEnvironment("CACHE", refExpr`${cache.host}:${cache.port},password=${password}`);
 * ```
 */
export function refExpr(
  texts: TemplateStringsArray,
  ...values: readonly (ValueLike | UriEncoded)[]
): Expression {
  const parts = texts.flatMap((text, index): (string | Hole)[] => {
    const value = values[index];
    if (value === undefined) {
      if (index < values.length) throw fault("APP_REFERENCE", `value ${index + 1} of refExpr is undefined`);
      return [text];
    }
    if (value instanceof UriEncoded) return [text, { value: value.value, format: "uri" }];
    return typeof value === "string" || typeof value === "number"
      ? [text + String(value)]
      : [text, { value: asValue(value) }];
  });
  return new Expression(parts.filter((part) => part !== ""));
}

/**
 * What somebody gave, as a value: an endpoint is its URL, a resource its connection string.
 * @throws RedoubtError `APP_REFERENCE` for something else
 */
export function asValue(given: ValueLike): Value {
  if (typeof given === "string" || typeof given === "number") return new Literal(String(given));
  if (given instanceof Endpoint) return given.property("url");
  if (hasConnectionString(given)) return new ConnectionStringReference(given);
  if (isValue(given)) return given;
  throw fault("APP_REFERENCE", `a ${typeof given} is neither text nor a value of a resource`, {
    hint: "Give a text, a parameter, an endpoint, an output, a refExpr`…`, or a resource that has a connection string.",
  });
}

/** The name of the resource of the manifest that percent-encodes a value: `{cache-password.value}` gives `cache-password-uri-encoded`. */
export function encodedName(value: Value): string {
  const bare = value.published.replace(/[{}]/g, "").replace(/\.value$/, "");
  return `${bare.replaceAll(".", "-")}-uri-encoded`;
}

/** Literal text is encoded on the spot; everything else by a resource of the manifest. */
function publishedHole({ value, format }: Hole): string {
  if (format === undefined) return value.published;
  return value instanceof Literal ? encodeUri(value.published) : `{${encodedName(value)}.value}`;
}

/** RFC 3986: everything but its unreserved characters, as .NET's Uri.EscapeDataString. */
function encodeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const union = (resources: readonly Resource[]): readonly Resource[] => [...new Set(resources)];
