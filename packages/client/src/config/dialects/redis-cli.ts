import { readHost, readPort } from "../endpoint.ts";
import { dictionaryOf, type KnownWord } from "../option-table.ts";
import { unknownKey } from "../query.ts";
import { type DialectRules, Draft, type Reading, type Span } from "../reading.ts";
import { readUrl, schemeOf, urlSchemes } from "./url.ts";

const rules: DialectRules = {
  tlsByProvider: false,
  refusesTlsOptionsInPlainText: true,
  sentinelsShareCredentials: false,
  defaultPort: ({ fallback }) => fallback ?? 6379,
};

/** Flags of redis-cli and valkey-cli that say how to print or what to do, not where to connect; with the number of their values. */
const otherFlags: Readonly<Record<string, 0 | 1>> = {
  "--raw": 0,
  "--no-raw": 0,
  "--csv": 0,
  "--json": 0,
  "--quoted-json": 0,
  "--quoted-input": 0,
  "--quoted-pattern": 1,
  "--no-auth-warning": 0,
  "--verbose": 0,
  "--stat": 0,
  "--latency": 0,
  "--latency-history": 0,
  "--latency-dist": 0,
  "--bigkeys": 0,
  "--memkeys": 0,
  "--hotkeys": 0,
  "--scan": 0,
  "--pattern": 1,
  "--pipe": 0,
  "--pipe-timeout": 1,
  "--rdb": 1,
  "--eval": 1,
  "--show-pushes": 1,
  "-4": 0,
  "-6": 0,
  "-x": 0,
  "-X": 1,
  "-e": 0,
  "-r": 1,
  "-i": 1,
  "-d": 1,
  "-D": 1,
};

/** An argument and where it stands in the text. */
export interface Argument extends Span {
  readonly text: string;
}

/**
 * Reads the arguments of redis-cli or valkey-cli. Without `-h` the host is 127.0.0.1. What follows the flags, a command,
 * is not looked at.
 *
 * @param auth value of REDISCLI_AUTH, which stands in for a missing password
 */
export function readRedisCli(args: readonly Argument[], base = 0, auth?: string): Reading {
  const draft = new Draft("redis-cli", rules, base);
  const queue = [...args];
  if (/^(.*\/)?(redis|valkey)-cli$/.test(queue[0]?.text ?? "")) queue.shift();
  const address: Address = { host: null, port: null };
  for (let flag = queue.shift(); flag !== undefined; flag = queue.shift()) {
    if (!flag.text.startsWith("-") || flag.text === "-") {
      draft.warn("ignored-option", "The command behind the flags is not part of the connection", flag.start);
      break;
    }
    readFlag(draft, flag, queue, address);
  }
  if (auth !== undefined && auth !== "" && !draft.settings.has("password")) {
    draft.put("password", auth, "REDISCLI_AUTH", { start: 0, end: 0 });
  }
  addEndpoint(draft, address);
  return draft;
}

/** The parts of the address, gathered from several flags. */
interface Address {
  host: (Span & { readonly text: string; readonly path?: string }) | null;
  port: number | null;
}

function readFlag(draft: Draft, flag: Argument, queue: Argument[], address: Address): void {
  const next = (): Argument => {
    const value = queue.shift();
    if (value === undefined) throw draft.error("CONFIG_SYNTAX", `${flag.text} needs a value`, flag.start);
    return value;
  };
  switch (flag.text) {
    case "-h": {
      const value = next();
      const host = readHost(value.text);
      if (host === null) throw draft.error("CONFIG_SYNTAX", "-h needs a DNS name or an address", value.start);
      address.host = { text: host, start: value.start, end: value.end };
      return;
    }
    case "-p": {
      const value = next();
      address.port = readPort(value.text);
      if (address.port === null)
        throw draft.error("CONFIG_INVALID_VALUE", "-p needs a port from 1 to 65535", value.start);
      return;
    }
    case "-s": {
      const { text, start, end } = next();
      if (text === "") throw draft.error("CONFIG_SYNTAX", "-s needs the path of a socket", start);
      address.host = { text, path: text, start, end };
      return;
    }
    case "-u":
      readUri(draft, next(), address);
      return;
    case "-2":
    case "-3":
      draft.put("protocol", Number(flag.text.slice(1)), flag.text, flag);
      return;
    case "--tls":
    case "-c":
      draft.put(flag.text === "--tls" ? "tls" : "cluster", true, flag.text, flag);
      return;
    case "--insecure":
      throw draft.error(
        "CONFIG_INSECURE",
        "--insecure switches off the verification of certificates, which no connection string may do; say dangerouslySkipVerification in code (--insecure on our own command line)",
        flag.start,
      );
    case "--askpass":
      draft.warn("option-not-applied", "--askpass: the password has to be given in another way", flag.start);
      return;
    case "--cacertdir":
      next();
      draft.warn("option-not-applied", "--cacertdir: give the CA as one file, --cacert", flag.start);
      return;
    case "--tls-ciphersuites":
      next();
      draft.warn(
        "option-not-applied",
        "--tls-ciphersuites: the suites of TLS 1.3 stay as Node has them",
        flag.start,
      );
      return;
    default:
      readOption(draft, flag, next);
  }
}

function readOption(draft: Draft, flag: Argument, next: () => Argument): void {
  const values = otherFlags[flag.text];
  if (values !== undefined) {
    if (values === 1) next();
    return;
  }
  const word: KnownWord | undefined = dictionaryOf("redis-cli").get(flag.text);
  if (word === undefined) {
    const pair = { key: flag.text, value: null, start: flag.start, end: flag.end, valueStart: flag.end };
    throw unknownKey(draft, pair, null);
  }
  const value = next();
  draft.set(word, value.text, value);
}

/** The URI of `-u`; flags behind it replace its parts. */
function readUri(draft: Draft, { text, start }: Argument, address: Address): void {
  const scheme = schemeOf(text);
  if (scheme === null || !(scheme in urlSchemes) || scheme === "unix") {
    throw draft.error(
      "CONFIG_SYNTAX",
      "-u needs a URI with the scheme redis, rediss, valkey or valkeys",
      start,
    );
  }
  const reading = readUrl(text, draft.base + start);
  const [endpoint, ...others] = reading.endpoints;
  if (others.length > 0) throw draft.error("CONFIG_SYNTAX", "-u takes one host", start);
  if (endpoint !== undefined) {
    const span = { start: endpoint.start - draft.base, end: endpoint.end - draft.base };
    address.host = { text: endpoint.host, ...span };
    address.port = endpoint.port;
  }
  for (const [name, setting] of reading.settings) draft.settings.set(name, setting);
  draft.warnings.push(...reading.warnings);
}

function addEndpoint(draft: Draft, { host, port }: Address): void {
  const { text, path, start, end } = host ?? { text: "127.0.0.1", start: 0, end: 0 };
  if (path === undefined) draft.endpoint({ host: text, port }, { start, end });
  else draft.endpoint({ host: path, port: 0, path }, { start, end });
}

/**
 * Splits a command line as a POSIX shell does: blanks separate, `'…'` is literal, `"…"` knows `\` before `" \ $` and the
 * back-tick, `\` takes the next character as it is. Nothing is expanded.
 */
export function splitArguments(text: string, base = 0): Argument[] {
  const args: Argument[] = [];
  let current: { text: string; start: number } | null = null;
  let quote: { sign: string; start: number } | null = null;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index] ?? "";
    if (quote === null && /\s/.test(sign)) {
      if (current !== null) args.push({ ...current, end: index });
      current = null;
      continue;
    }
    current ??= { text: "", start: index };
    if (quote === null && (sign === "'" || sign === '"')) quote = { sign, start: index };
    else if (sign === quote?.sign) quote = null;
    else if (sign === "\\" && escapes(quote?.sign, text[index + 1])) current.text += text[++index] ?? "";
    else current.text += sign;
  }
  if (quote !== null) {
    throw new Draft("redis-cli", rules, base).error("CONFIG_SYNTAX", "A quote is not closed", quote.start);
  }
  if (current !== null) args.push({ ...current, end: text.length });
  return args;
}

function escapes(quote: string | undefined, next: string | undefined): boolean {
  if (quote === undefined) return next !== undefined;
  return quote === '"' && next !== undefined && '"\\$`'.includes(next);
}
