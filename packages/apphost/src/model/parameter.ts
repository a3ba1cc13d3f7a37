import type { App } from "./app.ts";
import { fault } from "./fault.ts";
import { type GenerateRule, generate } from "./generate.ts";
import { Late } from "./late.ts";
import { Resource } from "./resource.ts";
import type { ResolveContext, Value } from "./value.ts";

/** Options of `addParameter`. */
export interface ParameterOptions {
  /** Whether the value must not be shown. Default false. */
  readonly secret?: boolean;
  /** The value itself, or what gives it. Default: configuration, `Parameters:name`. */
  readonly value?: string | (() => string);
  /** Whether `value` becomes the default of what is published. Not for secrets. */
  readonly publishValueAsDefault?: boolean;
  /** Where configuration has it. Default `Parameters:name`, then `Parameters:name` with `_` for `-`. */
  readonly key?: string;
  /** Makes up a value where configuration has none, and keeps it. */
  readonly generate?: GenerateRule;
  /** What it is for, for whoever is asked. */
  readonly description?: string;
}

/** A value that is not known to the file: given by configuration, made up, or asked for. Published as `{name.value}`. */
export class ParameterResource extends Resource implements Value {
  readonly type = "parameter";
  readonly secret: boolean;
  description: string | undefined;
  /** Whether the description is Markdown. */
  markdown = false;
  /** How a value is made up; also published. */
  readonly generate: GenerateRule | undefined;
  /** The default of what is published. */
  readonly publishedDefault: string | undefined;
  readonly #value: string | (() => string) | undefined;
  readonly #keys: readonly string[];
  /** What somebody gave while the app runs. */
  readonly #given = new Late<string>();

  /** @throws RedoubtError `APP_NAME`, `APP_PARAMETER` */
  constructor(app: App, name: string, options: ParameterOptions = {}) {
    super(app, name);
    const { secret = false, value, publishValueAsDefault = false, key } = options;
    if (secret && publishValueAsDefault)
      throw fault("APP_PARAMETER", `the secret "${name}" cannot be published as a default`, {
        at: this.madeAt,
        hint: "Leave out publishValueAsDefault, or secret.",
      });
    if (publishValueAsDefault && value === undefined)
      throw fault("APP_PARAMETER", `"${name}" has publishValueAsDefault and no value`, { at: this.madeAt });
    this.secret = secret;
    this.generate = options.generate;
    this.description = options.description;
    this.#value = value;
    this.#keys =
      key === undefined ? [`Parameters:${name}`, `Parameters:${name.replaceAll("-", "_")}`] : [key];
    this.publishedDefault = publishValueAsDefault ? this.#literal() : undefined;
  }

  get published(): string {
    return `{${this.name}.value}`;
  }

  get needs(): readonly Resource[] {
    return [this];
  }

  /** The key of configuration, `Parameters:name`, and the variable that sets it. */
  get key(): string {
    return this.#keys[0] ?? "";
  }

  /** `Parameters__name`: the environment variable that sets it. */
  get variable(): string {
    return (this.#keys.at(-1) ?? "").replaceAll(":", "__");
  }

  /** Says what it is for. */
  withDescription(text: string, options: { readonly markdown?: boolean } = {}): this {
    this.description = text;
    this.markdown = options.markdown ?? false;
    return this;
  }

  /**
   * The value, where it is known without asking anybody. A made-up one is kept in the user's secrets, so that it is the same
   * at the next start: data that lies on disk was made with it.
   */
  read(): string | undefined {
    if (this.#given.current !== undefined) return this.#given.current;
    const known = this.#literal() ?? this.#configured();
    if (known !== undefined || this.generate === undefined) return known;
    const made = generate(this.generate);
    this.app.configuration.keep(this.key, made);
    return made;
  }

  /**
   * Gives the value while the app runs; whoever waits for it gets it.
   * @param options `keep`: whether it is kept in the user's secrets. Default false
   */
  set(value: string, options: { readonly keep?: boolean } = {}): void {
    if (options.keep === true) this.app.configuration.keep(this.key, value);
    this.#given.set(value);
  }

  /** Forgets what was given and kept. */
  delete(): void {
    this.#given.reset();
    this.app.configuration.forget(this.key);
  }

  /** Waits for {@link set} where nothing is known. */
  async resolve({ signal }: ResolveContext): Promise<string> {
    return this.read() ?? this.#given.get(signal);
  }

  /** The error for a value that is nowhere. */
  missing(): Error {
    return fault("APP_PARAMETER", `the parameter "${this.name}" has no value`, {
      at: this.madeAt,
      hint: `Set ${this.variable} in the environment, or ${this.key} in redoubt.json.`,
    });
  }

  #literal(): string | undefined {
    return typeof this.#value === "function" ? this.#value() : this.#value;
  }

  #configured(): string | undefined {
    for (const key of this.#keys) {
      const value = this.app.configuration.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }
}
