import { formatEnv } from "./formats/env.ts";
import { formatIoredis, formatNodeRedis } from "./formats/javascript.ts";
import { formatRedisCli } from "./formats/redis-cli.ts";
import { formatServiceStack } from "./formats/servicestack.ts";
import { formatStackExchange } from "./formats/stackexchange.ts";
import { formatStunnel } from "./formats/stunnel.ts";
import { formatUrl } from "./formats/url.ts";
import { refusePlainText } from "./plain-text.ts";
import type { Target } from "./target.ts";

const writers = {
  url: formatUrl,
  servicestack: formatServiceStack,
  stackexchange: formatStackExchange,
  "redis-cli": formatRedisCli,
  env: formatEnv,
  ioredis: formatIoredis,
  "node-redis": formatNodeRedis,
  stunnel: formatStunnel,
} as const satisfies Record<string, (target: Target, reveal: boolean) => string>;

/** The forms in which a target can be written: all dialects that are read, and options of other programs. */
export type FormatName = keyof typeof writers;

/** All {@link FormatName}s. */
export const formatNames = Object.keys(writers) as FormatName[];

export interface FormatOptions {
  /** Write secrets in clear; else `*****` stands for them. Default: false. */
  readonly reveal?: boolean;
}

/**
 * Writes a target in a dialect. What {@link parse} makes of the text (secrets revealed) is the same target.
 *
 * @throws RedoubtError CONFIG_NOT_EXPRESSIBLE that names what the dialect has no word for; CONFIG_INSECURE for plain text to
 *   where only TLS is spoken
 * @example format(parse("h:6380,password=p,ssl=True"), "url", { reveal: true }) // rediss://:p@h:6380
 */
export function format(target: Target, dialect: FormatName, { reveal = false }: FormatOptions = {}): string {
  if (!target.tls.enabled) refusePlainText(target.endpoints, null);
  return writers[dialect](target, reveal);
}
