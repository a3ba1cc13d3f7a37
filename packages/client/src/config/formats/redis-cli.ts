import {
  hasTlsOptions,
  notExpressible,
  singleEndpoint,
  type WrittenOption,
  writtenOptions,
} from "../settings.ts";
import type { Target } from "../target.ts";

/** `redis-cli -h host -p port --tls --sni host …` for a POSIX shell. */
export function formatRedisCli(target: Target, reveal: boolean): string {
  const { host, port, path } = singleEndpoint(target, "redis-cli");
  const { tls } = target;
  if (!tls.enabled && hasTlsOptions(target)) throw notExpressible("redis-cli", "options of TLS without TLS");
  const options = writtenOptions(target, "redis-cli", reveal);
  // redis-cli sends no SNI by itself, and providers that share an address need it.
  const named = options.some(({ name }) => name === "servername");
  const sni = tls.enabled && !named && tls.servername !== null ? ["--sni", quoted(tls.servername)] : [];
  const address = path === undefined ? ["-h", quoted(host), "-p", String(port)] : ["-s", quoted(path)];
  return ["redis-cli", ...address, ...options.flatMap(flag), ...sni].join(" ");
}

function flag({ word, text, masked, name }: WrittenOption): string[] {
  if (name === "tls" || name === "cluster") return text === "true" ? [word] : [];
  if (name === "protocol") return [`-${text}`];
  return [word, masked ? text : quoted(text)];
}

function quoted(text: string): string {
  if (text.includes("\0")) throw notExpressible("redis-cli", "a NUL, which no argument can hold");
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
