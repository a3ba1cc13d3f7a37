import type { UserSecrets } from "../secrets/user-secrets.ts";

/** Where a value of the configuration comes from. Later ones win. */
export type ConfigurationOrigin = "file" | "secrets" | "environment" | "arguments";

interface Layer {
  readonly origin: ConfigurationOrigin;
  /** By lower-cased key. */
  readonly values: ReadonlyMap<string, Entry>;
}

interface Entry {
  /** As it was written. */
  readonly key: string;
  readonly value: string;
}

/** What a {@link Configuration} is made of. */
export interface ConfigurationSources {
  /** Contents of JSON files, parsed, the weakest first. */
  readonly files?: readonly unknown[];
  readonly secrets: UserSecrets;
  readonly environment: NodeJS.ProcessEnv;
  /** The words of the command line. */
  readonly args?: readonly string[];
}

/**
 * What the app is told from outside. Keys have colons between their parts and are compared without case:
 * `Parameters:redis-password`, `ConnectionStrings:cache`, `Azure:Location`. Four layers, of which later ones win: `redoubt.json`
 * and `redoubt.{environment}.json` beside the app's file (nested objects; `__` in a key is a colon), the user's secrets,
 * environment variables (`Parameters__redis-password`, the spelling that .NET's app hosts use and that containers allow), and
 * words of the command line (`--Parameters:redis-password=…`).
 *
 * Why not `.env`: what is in it reaches every child by inheritance, secrets included; Node reads one by itself where it is
 * wanted (`node --env-file=.env`), and it then counts as environment.
 */
export class Configuration {
  readonly secrets: UserSecrets;
  readonly #below: readonly Layer[];
  readonly #above: readonly Layer[];

  constructor({ files = [], secrets, environment, args = [] }: ConfigurationSources) {
    this.secrets = secrets;
    this.#below = files.map((content) => layer("file", flatten(content)));
    this.#above = [
      layer("environment", fromEnvironment(environment)),
      layer("arguments", fromArguments(args)),
    ];
  }

  /** @returns `undefined` for what is nowhere */
  get(key: string): string | undefined {
    return this.#find(key)?.value;
  }

  /** From which layer {@link get} has its answer. */
  origin(key: string): ConfigurationOrigin | undefined {
    return this.#find(key)?.origin;
  }

  /**
   * Everything below a key, by the rest of each key as it was written: `section("Azure")` gives `Location`, `SubscriptionId`.
   * Whoever reads it compares names without case: {@link get} is the better way where the name is known.
   */
  section(key: string): ReadonlyMap<string, string> {
    const prefix = `${key.toLowerCase()}:`;
    const found = new Map<string, Entry>();
    for (const { values } of this.#layers())
      for (const [lower, entry] of values) if (lower.startsWith(prefix)) found.set(lower, entry);
    return new Map([...found.values()].map((entry) => [entry.key.slice(prefix.length), entry.value]));
  }

  /** Keeps a value in the user's secrets. Configuration of a stronger layer still wins. */
  keep(key: string, value: string): void {
    this.secrets.set(key, value);
  }

  /** Forgets what was kept. */
  forget(key: string): void {
    this.secrets.delete(key);
  }

  #find(key: string): { readonly value: string; readonly origin: ConfigurationOrigin } | undefined {
    const wanted = key.toLowerCase();
    for (const { values, origin } of this.#layers().toReversed()) {
      const entry = values.get(wanted);
      if (entry !== undefined) return { value: entry.value, origin };
    }
    return undefined;
  }

  #layers(): readonly Layer[] {
    return [...this.#below, layer("secrets", this.secrets.all()), ...this.#above];
  }
}

function layer(origin: ConfigurationOrigin, entries: Iterable<readonly [string, string]>): Layer {
  return {
    origin,
    values: new Map([...entries].map(([key, value]) => [key.toLowerCase(), { key, value }])),
  };
}

/** `{ "Azure": { "Location": "westeurope" } }` gives `Azure:Location`; arrays count from 0. `null` is nothing. */
function* flatten(content: unknown, prefix = ""): Generator<readonly [string, string]> {
  if (content === null || content === undefined) return;
  if (typeof content !== "object") {
    if (prefix !== "") yield [prefix, String(content as string | number | boolean)];
    return;
  }
  for (const [name, value] of Object.entries(content)) {
    const key = name.replaceAll("__", ":");
    yield* flatten(value, prefix === "" ? key : `${prefix}:${key}`);
  }
}

function* fromEnvironment(environment: NodeJS.ProcessEnv): Generator<readonly [string, string]> {
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined) yield [name.replaceAll("__", ":"), value];
}

/** `--key=value`, `--key value`; what has no dashes and stands behind no key is not ours. */
function* fromArguments(args: readonly string[]): Generator<readonly [string, string]> {
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    if (!word.startsWith("--") || word.length === 2) continue;
    const equals = word.indexOf("=");
    if (equals > 0) {
      yield [word.slice(2, equals).replaceAll("__", ":"), word.slice(equals + 1)];
      continue;
    }
    const next = args[index + 1];
    if (next === undefined || next.startsWith("--")) continue;
    yield [word.slice(2).replaceAll("__", ":"), next];
    index++;
  }
}
