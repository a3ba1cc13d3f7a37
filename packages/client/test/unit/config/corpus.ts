import { readFileSync } from "node:fs";
import type { ParseOptions } from "../../../src/config/parse.ts";
import { parse } from "../../../src/config/parse.ts";
import type { Target } from "../../../src/config/target.ts";
import { RedoubtError } from "../../../src/errors.ts";

/** What a connection string means, as flat as the two libraries' vectors can be compared with. */
export interface Meaning {
  /** `host:port`, an IPv6 address without brackets, a Unix socket as `!path`. */
  readonly endpoints: readonly string[];
  readonly tls: boolean;
  readonly servername?: string | null;
  readonly minVersion: string | null;
  readonly maxVersion: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number | null;
  readonly clientName: string | null;
  readonly sentinel: readonly (string | null)[] | null;
  readonly connectMs: number | null;
  readonly commandMs: number | null;
}

/** `error` is a code of ours, or `true` for an error of the library. */
export type Outcome = Partial<Meaning> | { readonly error: string | true };

export interface Deviation {
  readonly library: "ServiceStack.Redis" | "StackExchange.Redis";
  readonly input: string;
  readonly does: string;
  readonly redoubt: Outcome;
  readonly why: string;
  /** `recognised`: only where the dialect is not named; `named`: only where it is. */
  readonly only?: "recognised" | "named";
}

export interface Case {
  readonly input: string;
  readonly options: ParseOptions;
  readonly expected: Outcome;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../corpus/${name}`, import.meta.url), "utf8"));

export const deviations = read("connection-string-deviations.json") as Deviation[];

interface ServiceStackVector {
  input: string;
  defaultPort?: number;
  expected: {
    error?: string;
    host: string;
    port: number;
    ssl: boolean;
    sslProtocolsValue: number | null;
    client: string | null;
    username: string | null;
    password: string | null;
    db: number;
    connectTimeout: number;
    receiveTimeout: number;
  };
}

interface StackExchangeVector {
  input: string | null;
  error?: unknown;
  expected?: {
    connectEndPoints: string[];
    explicit: Record<string, string | number | boolean>;
    effective: Record<string, string | number | boolean>;
  };
}

const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

function versionsOf(bits: number | null): Pick<Meaning, "minVersion" | "maxVersion"> {
  const asked = versions.filter((_, index) => ((bits ?? 0) & [192, 768, 3072, 12_288][index]!) !== 0);
  return { minVersion: asked[0] ?? null, maxVersion: asked.at(-1) ?? null };
}

const orNull = <T>(value: T | undefined | null | ""): T | null => (value === "" ? null : (value ?? null));
const positive = (number: number) => (number > 0 ? number : null);

/** What ServiceStack.Redis makes of its vectors. It has no name to verify and no null database: both as the string says. */
export const serviceStackCases: Case[] = (
  read("servicestack-connection-strings.json") as ServiceStackVector[]
).map(({ input, defaultPort, expected }) => ({
  input,
  options: { from: "servicestack", ...(defaultPort === undefined ? {} : { defaultPort }) },
  expected:
    expected.error !== undefined
      ? { error: true }
      : {
          endpoints: [`${expected.host.replace(/^\[(.*)\]$/, "$1")}:${expected.port}`],
          tls: expected.ssl,
          ...versionsOf(expected.sslProtocolsValue),
          username: orNull(expected.username),
          password: orNull(expected.password),
          database: /[?&]db=[^&]/i.test(input) ? expected.db : null,
          clientName: orNull(expected.client),
          sentinel: null,
          connectMs: positive(expected.connectTimeout),
          commandMs: positive(expected.receiveTimeout),
        },
}));

/** What StackExchange.Redis makes of its vectors; the one null input is left to the compiler. */
export const stackExchangeCases: Case[] = (
  read("stackexchange-connection-strings.json") as { vectors: StackExchangeVector[] }
).vectors.flatMap(({ input, expected }) =>
  input === null
    ? []
    : [
        {
          input,
          options: { from: "stackexchange" },
          expected: expected === undefined ? { error: true } : libraryMeaning(expected),
        },
      ],
);

function libraryMeaning({
  connectEndPoints,
  explicit,
  effective,
}: NonNullable<StackExchangeVector["expected"]>): Meaning {
  const text = (key: string) => orNull(effective[key]) as string | null;
  const number = (from: typeof explicit, key: string) => orNull(from[key]) as number | null;
  const service = text("serviceName");
  return {
    endpoints: connectEndPoints.map((endpoint) => endpoint.replace(/^\[(.*)\](:\d+)$/, "$1$2")),
    tls: effective["ssl"] === true,
    servername: text("sslHost"),
    ...versionsOf(number(effective, "sslProtocols")),
    username: text("user"),
    password: text("password"),
    database: number(effective, "defaultDatabase"),
    clientName: text("name"),
    sentinel: service === null ? null : [service, text("sentinelUser"), text("sentinelPassword")],
    connectMs: number(effective, "connectTimeout"),
    commandMs: number(explicit, "asyncTimeout") ?? number(explicit, "syncTimeout"),
  };
}

export function meaningOf({ endpoints, tls, sentinel, timeouts, ...target }: Target): Meaning {
  return {
    endpoints: endpoints.map(({ host, port, path }) => (path === undefined ? `${host}:${port}` : `!${path}`)),
    tls: tls.enabled,
    servername: tls.servername,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    username: target.username,
    password: target.password?.reveal() ?? null,
    database: target.database,
    clientName: target.clientName,
    sentinel:
      sentinel === null
        ? null
        : [sentinel.masterName, sentinel.username, sentinel.password?.reveal() ?? null],
    connectMs: timeouts.connectMs,
    commandMs: timeouts.commandMs,
  };
}

/** What Redoubt makes of a text; errors that are not ours come through. */
export function outcomeOf(input: string, options: ParseOptions): Meaning | { readonly error: string } {
  try {
    return meaningOf(parse(input, options));
  } catch (error) {
    if (error instanceof RedoubtError) return { error: error.code };
    throw error;
  }
}
