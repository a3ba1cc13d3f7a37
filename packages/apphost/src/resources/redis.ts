import { isAbsolute } from "node:path";
import type { App } from "../model/app.ts";
import type { ConnectionProperty, HasConnectionString } from "../model/connection.ts";
import { Endpoint } from "../model/endpoint.ts";
import { Conditional, Expression, refExpr, uri } from "../model/expression.ts";
import { fault } from "../model/fault.ts";
import { Late } from "../model/late.ts";
import type { ParameterResource } from "../model/parameter.ts";
import { Literal, type ResolveContext, type Value } from "../model/value.ts";
import { ContainerResource } from "./container.ts";
import { redisHealthCheck } from "./redis-health.ts";
import { SimulatedIdentity } from "./simulated-identity.ts";

/** Options of `addRedis`. */
export interface RedisOptions {
  /** The port on this machine. Default: any free one, the same at each start where it is still free. */
  readonly port?: number;
  /** Default: a generated secret parameter `{name}-password`. */
  readonly password?: ParameterResource;
}

/** When a snapshot is written: after an interval (ms), if so many keys have changed. */
export interface Persistence {
  /** ms, whole seconds. */
  readonly interval: number;
  readonly keysChangedThreshold: number;
}

/** Where its data lies: a volume of a name, or a folder of this machine. */
export interface RedisData {
  readonly kind: "volume" | "bind";
  readonly source: string;
  readonly readOnly: boolean;
}

/** Path of the data inside the container of what is published. */
const dataPath = "/data";
/** The modules of the image, for {@link RedisResource.withModule}. On this machine the path is one of this machine. */
export const redisModules = {
  json: "/usr/local/lib/redis/modules/rejson.so",
  search: "/usr/local/lib/redis/modules/redisearch.so",
  bloomFilter: "/usr/local/lib/redis/modules/redisbloom.so",
  timeSeries: "/usr/local/lib/redis/modules/redistimeseries.so",
} as const;

/**
 * A Redis of the app's own. When the app runs it is the real redis-server or valkey-server of this machine, with a password and
 * TLS under an authority of this machine; published it is a container of the official image, plain inside its network, as
 * upstream's.
 */
export class RedisResource extends ContainerResource implements HasConnectionString {
  override readonly type = "redis";
  /** The endpoint that consumers get, `tcp`. */
  readonly primary: Endpoint;
  /** The plain one, where `withPlainEndpoint` asked for it. */
  secondary: Endpoint | undefined;
  /** File (PEM) with the authority that signed its certificate; known when it runs. Stays unknown without TLS. */
  readonly authority = new Late<string>();
  #password: ParameterResource | undefined;
  #persistence: Persistence | undefined;
  #data: RedisData | undefined;
  readonly #modules = new Set<string>();
  #identity: SimulatedIdentity | undefined;

  constructor(app: App, name: string, options: RedisOptions = {}) {
    super(app, name, "docker.io/library/redis:8.6");
    this.icon = "Database";
    this.#password = options.password;
    const tls = app.mode === "run";
    this.withEndpoint({
      name: "tcp",
      scheme: tls ? "rediss" : "redis",
      targetPort: 6379,
      ...(options.port !== undefined && { port: options.port }),
    });
    this.primary = this.getEndpoint("tcp");
    this.withHealthCheck(
      redisHealthCheck(
        `${name}_check`,
        () => this.connectionString(),
        this.#authorityValue,
        () => this.#identity,
      ),
    );
    this.withEnvironmentCallback(({ environment }) => {
      if (this.#password !== undefined) environment.set("REDIS_PASSWORD", this.#password);
    });
    this.withArgsCallback(({ args, mode }) => {
      if (mode === "publish") args.unshift("-c", this.shellCommand);
    });
    this.entrypoint = "/bin/sh";
  }

  /** It is a process of this machine when the app runs. */
  override get containerised(): boolean {
    return this.app.mode === "publish";
  }

  /** Whether consumers speak TLS with it. Default: when the app runs. */
  get tlsEnabled(): boolean {
    return this.primary.tls;
  }

  /** The parameter with its password. */
  get passwordParameter(): ParameterResource | undefined {
    return this.#password;
  }

  get persistence(): Persistence | undefined {
    return this.#persistence;
  }

  get data(): RedisData | undefined {
    return this.#data;
  }

  /** Paths of modules that it loads. */
  get modules(): readonly string[] {
    return [...this.#modules];
  }

  get host(): Value {
    return this.primary.property("host");
  }

  get port(): Value {
    return this.primary.property("port");
  }

  get password(): Value | undefined {
    return this.#password;
  }

  /** `rediss://:password@localhost:6379` */
  get uri(): Value {
    const scheme = this.primary.property("scheme");
    return this.#password === undefined
      ? refExpr`${scheme}://${this.host}:${this.port}`
      : refExpr`${scheme}://:${uri(this.#password)}@${this.host}:${this.port}`;
  }

  get trust(): Value | undefined {
    return this.tlsEnabled && this.app.mode === "run" ? this.#authorityValue : undefined;
  }

  /** `HOST:PORT[,password=PW][,ssl=true]` */
  connectionString(): Value {
    const address = { value: this.primary.property("hostAndPort") };
    const tls = new Conditional(
      this.primary.property("tlsEnabled"),
      new Literal(",ssl=true"),
      new Literal(""),
    );
    return new Expression([
      address,
      ...(this.#password === undefined ? [] : [",password=", { value: this.#password }]),
      { value: tls },
    ]);
  }

  connectionProperties(): readonly ConnectionProperty[] {
    return [
      ["Host", this.host],
      ["Port", this.port],
      ...(this.#password === undefined ? [] : [["Password", this.#password] as const]),
      ["Uri", this.uri],
    ];
  }

  /** The line that the container's shell runs. The password is in its environment, never on a command line. */
  get shellCommand(): string {
    const words = ["redis-server"];
    if (this.#password !== undefined) words.push("--requirepass", "$REDIS_PASSWORD");
    for (const module of this.#modules) words.push("--loadmodule", module);
    if (this.#persistence !== undefined)
      words.push(
        "--save",
        String(this.#persistence.interval / 1000),
        String(this.#persistence.keysChangedThreshold),
      );
    return words.join(" ");
  }

  /** Another password, or none. */
  withPassword(password: ParameterResource | null): this {
    const before = this.#password;
    this.#password = password ?? undefined;
    // The one that was made for it is nobody else's.
    if (before !== undefined && before !== password && before.parent === this) this.app.remove(before);
    return this;
  }

  /** A port of this machine, or any free one. */
  withHostPort(port: number | null | { readonly port?: number }): this {
    const wanted = typeof port === "object" ? port?.port : port;
    this.primary.port = new Endpoint(this, {
      name: "tcp",
      ...(wanted !== undefined && { port: wanted }),
    }).port;
    return this;
  }

  /** Keeps the data from one start to the next, and writes snapshots unless it is read-only. */
  withDataVolume(options: { readonly name?: string; readonly isReadOnly?: boolean } = {}): this {
    const { name = `${this.app.identity.slice(0, 10)}-${this.name}-data`, isReadOnly = false } = options;
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(name))
      throw fault("APP_MODEL", `${JSON.stringify(name)} cannot be the name of a volume`);
    return this.#keep({ kind: "volume", source: name, readOnly: isReadOnly });
  }

  /** The same in a folder of this machine. */
  withDataBindMount(source: string, options: { readonly isReadOnly?: boolean } = {}): this {
    this.withBindMount(source, dataPath, options);
    const { source: folder = source } = this.mounts.find(({ target }) => target === dataPath) ?? {};
    return this.#keep({ kind: "bind", source: folder, readOnly: options.isReadOnly ?? false });
  }

  /**
   * When snapshots are written. The last call counts.
   * @param options `interval`: ms, or `"60s"`, `"5m"`; whole seconds, 1 at least. Default 60 s. `keysChangedThreshold`: default 1
   * @throws RedoubtError `APP_MODEL`
   */
  withPersistence(
    options: { readonly interval?: number | string; readonly keysChangedThreshold?: number } = {},
  ): this {
    const { interval = 60_000, keysChangedThreshold = 1 } = options;
    const milliseconds = readDuration(interval);
    if (!Number.isInteger(milliseconds / 1000) || milliseconds < 1000)
      throw fault("APP_MODEL", `interval needs whole seconds, 1 at least: ${milliseconds} ms are none`, {
        hint: 'Give milliseconds, 60_000, or a text, "60s".',
      });
    if (!Number.isInteger(keysChangedThreshold) || keysChangedThreshold < 1)
      throw fault("APP_MODEL", "keysChangedThreshold needs a whole number, 1 at least");
    this.#persistence = { interval: milliseconds, keysChangedThreshold };
    return this;
  }

  /** Loads a module; may be repeated. Its path starts with `/`. @throws RedoubtError `APP_MODEL` */
  withModule(path: string): this {
    if (!isAbsolute(path))
      throw fault("APP_MODEL", `the path of a module starts with /: ${JSON.stringify(path)} does not`);
    this.#modules.add(path);
    return this;
  }

  /** Plain text in place of TLS when the app runs, for programs that do not speak it: see `addTunnel` for a better way. */
  withoutHttpsCertificate(): this {
    this.primary.tls = false;
    this.primary.scheme = "redis";
    return this;
  }

  /** A second endpoint, `secondary`, that speaks plain text when the app runs. */
  withPlainEndpoint(options: { readonly port?: number } = {}): this {
    if (this.secondary === undefined && this.app.mode === "run") {
      this.withEndpoint({ name: "secondary", scheme: "redis", targetPort: 6380, ...options });
      this.secondary = this.getEndpoint("secondary");
    }
    return this;
  }

  /**
   * Lets programs in with tokens instead of a password when the app runs, as Azure does with Microsoft Entra ID: they find an issuer of
   * tokens where programs in Azure find theirs (`IDENTITY_ENDPOINT`), and connections end with their token. Without effect when the
   * app is published. Its data is not kept.
   * @param options `lifetime` of tokens: ms or `"10m"`; whole seconds. Default one hour
   * @throws RedoubtError `APP_MODEL` together with data that is kept, with modules, and without TLS
   */
  withTokenSimulation(options: { readonly lifetime?: number | string } = {}): this {
    if (this.app.mode !== "run") return this;
    const lifetime = readDuration(options.lifetime ?? "1h");
    if (!Number.isInteger(lifetime / 1000) || lifetime < 1000)
      throw fault("APP_MODEL", `lifetime needs whole seconds, 1 at least: ${lifetime} ms are none`);
    if (this.#data !== undefined || this.#modules.size > 0 || !this.tlsEnabled)
      throw fault(
        "APP_MODEL",
        `"${this.name}" cannot simulate tokens with kept data, with modules, or without TLS`,
        {
          hint: "Leave out withDataVolume(), withDataBindMount(), withModule() and withoutHttpsCertificate().",
        },
      );
    this.#identity = new SimulatedIdentity(this, lifetime);
    return this.withPassword(null);
  }

  /** Who gives tokens, where they are simulated. */
  get simulatedIdentity(): SimulatedIdentity | undefined {
    return this.#identity;
  }

  consumerVariables(): readonly ConnectionProperty[] {
    return this.#identity?.variables() ?? [];
  }

  #keep(data: RedisData): this {
    this.#data = data;
    if (data.kind === "volume") this.withVolume(data.source, dataPath, { isReadOnly: data.readOnly });
    if (!data.readOnly && this.#persistence === undefined) this.withPersistence();
    return this;
  }

  /** `undefined` without TLS: nothing is to be waited for then. */
  get #authorityValue(): Value {
    return {
      published: "",
      secret: false,
      needs: [this],
      resolve: async ({ signal }: ResolveContext) =>
        this.tlsEnabled ? this.authority.get(signal) : undefined,
    };
  }
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds, or `"60s"`. */
function readDuration(given: number | string): number {
  if (typeof given === "number") return given;
  const [, number, unit = ""] = /^(\d+)(ms|s|m|h)$/.exec(given) ?? [];
  if (number === undefined)
    throw fault(
      "APP_MODEL",
      `interval is ${JSON.stringify(given)}; it needs milliseconds or a text such as "60s"`,
    );
  return Number(number) * (units[unit] ?? 1);
}
