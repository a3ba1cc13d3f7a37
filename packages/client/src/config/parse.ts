import { readVariables } from "./dialects/env.ts";
import { readRedisCli } from "./dialects/redis-cli.ts";
import { positionedError } from "./reading.ts";
import { readers, recognise } from "./recognise.ts";
import { resolve } from "./resolve.ts";
import type { Dialect, Target } from "./target.ts";

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ParseOptions {
  /** Read the text as this dialect instead of recognising it. */
  readonly from?: Dialect;
  /** Port where the string names none; for example 26379 for Sentinels. */
  readonly defaultPort?: number;
  /** Where redis-cli's arguments find REDISCLI_AUTH. Default: nowhere. */
  readonly env?: Environment;
}

/**
 * Reads a connection string of any dialect: a URL, ServiceStack, StackExchange.Redis, the arguments of redis-cli in one
 * text, or lines of `NAME=value`. Without `from` the dialect is recognised.
 *
 * @throws RedoubtError with a code of the family CONFIG, the position, and never a secret. CONFIG_AMBIGUOUS where the text
 *   means different things in different dialects; CONFIG_INSECURE where it looks encrypted and would not be
 * @example parse("cache.example:6380,password=secret,ssl=True").tls.enabled // true
 */
export function parse(text: string, { from, defaultPort, env = {} }: ParseOptions = {}): Target {
  // Callers without types pass a variable of the environment that is not set.
  if (typeof text !== "string") throw positionedError("CONFIG_MISSING", "There is no connection string", 0);
  if (text.trim() === "") throw positionedError("CONFIG_NO_ENDPOINT", "The connection string is empty", 0);
  const auth = env["REDISCLI_AUTH"];
  return resolve(from === undefined ? recognise(text, 0, auth) : readers[from](text, 0, auth), defaultPort);
}

/**
 * Reads the arguments of redis-cli or valkey-cli, with or without the program in front. Positions count in the arguments
 * joined by one blank.
 */
export function parseArguments(argv: readonly string[], env: Environment = {}): Target {
  let offset = 0;
  const args = argv.map((text) => {
    const start = offset;
    offset += text.length + 1;
    return { text, start, end: start + text.length };
  });
  return resolve(readRedisCli(args, 0, env["REDISCLI_AUTH"]));
}

/**
 * Reads the connection from variables: `REDIS_URL`, `CACHE_URI`, `CACHE_HOST` with `CACHE_PORT` and `CACHE_PASSWORD`,
 * `ConnectionStrings__cache`. Positions count in the value of the variable that the message names.
 *
 * @param name the resource, for example `cache`; `""` for variables without prefix. Default: REDIS, else the only one
 * @throws RedoubtError CONFIG_MISSING where nothing is set, CONFIG_AMBIGUOUS where variables contradict each other
 */
export function parseEnvironment(env: Environment, { name }: { readonly name?: string } = {}): Target {
  const variables = Object.entries(env).flatMap(([key, value]) =>
    value === undefined ? [] : [{ name: key, value, start: 0, end: value.length }],
  );
  return resolve(readVariables(variables, (text) => recognise(text), name));
}
