import { onlyOne } from "../ambiguity.ts";
import { describeBadHost, readHost, readPort } from "../endpoint.ts";
import { dictionaryOf, type KnownWord } from "../option-table.ts";
import { decodePercent } from "../percent.ts";
import { splitPairs, unknownKey } from "../query.ts";
import { type DialectRules, Draft, type Reading, type Span } from "../reading.ts";

/** The schemes of Redis URLs, and whether they mean TLS; `null`: a Unix socket, where only `ssl=` says. */
export const urlSchemes: Readonly<Record<string, boolean | null>> = {
  redis: false,
  rediss: true,
  valkey: false,
  valkeys: true,
  unix: null,
};

/** Without a port `ssl=true` means 6380 as in ServiceStack, and `rediss://` the port of the provider, else 6379. */
const rulesOf = (scheme: string): DialectRules => ({
  tlsByProvider: false,
  refusesTlsOptionsInPlainText: true,
  sentinelsShareCredentials: false,
  defaultPort: ({ tls, sentinel, provider, fallback }) => {
    if (fallback !== undefined) return fallback;
    if (sentinel) return 26_379;
    if (!tls) return 6379;
    return provider?.tlsPort ?? (urlSchemes[scheme] === true ? 6379 : 6380);
  },
});

/** Switches that other programs have for leaving verification out, with the values that leave it on. */
const verificationSwitches: Readonly<Record<string, readonly string[]>> = {
  insecure: ["false", "0", "no"],
  insecure_skip_verify: ["false", "0", "no"],
  insecureskipverify: ["false", "0", "no"],
  skip_verify: ["false", "0", "no"],
  skipverify: ["false", "0", "no"],
  rejectunauthorized: ["true", "1", "yes"],
  ssl_cert_reqs: ["required"],
  ssl_check_hostname: ["true", "1", "yes"],
};

/** The scheme of a text, lower case, `null` where it does not begin with `scheme://`. */
export function schemeOf(text: string): string | null {
  return /^\s*([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase() ?? null;
}

/**
 * Reads `scheme://[[user:]password@]host[:port][,host…][/database][?option=value&…]`.
 *
 * User, password and values are percent-decoded, `+` stays. A raw `/ + = ,` in the password is accepted. Where a raw `?`,
 * `#` or `@` gives two readings, both are tried; if both hold, the string is ambiguous.
 */
export function readUrl(text: string, base = 0): Reading {
  const scheme = schemeOf(text) ?? "";
  const start = text.indexOf("://") + 3;
  const end = text.trimEnd().length;
  const queryStart = indexOfAny(text, "?#", start, end);
  const lastAt = text.lastIndexOf("@", end - 1);
  refuseList(new Draft("url", rulesOf(scheme), base), text, { start, end: queryStart });
  const read = scheme === "unix" ? readSocket : readNetwork;
  if (lastAt < queryStart || queryStart === end) return read({ text, base, scheme, start, queryStart, end });

  const sign = text[queryStart] === "#" ? "#" : "?";
  return onlyOne(
    [
      {
        how: `the ${sign} begins the query and the @ behind it is part of a value (write %40 for the @)`,
        read: () => read({ text, base, scheme, start, queryStart, end }),
      },
      {
        how: `all before the last @ is user and password (write ${sign === "#" ? "%23" : "%3F"} for the ${sign})`,
        read: () => read({ text, base, scheme, start, queryStart: indexOfAny(text, "?#", lastAt, end), end }),
      },
    ],
    base + lastAt,
  );
}

/** `redis://host,password=…` is neither a URL nor a list; an `@` in it would make a host of half a password. */
function refuseList(draft: Draft, text: string, { start, end }: Span): void {
  const known = dictionaryOf("stackexchange");
  const [, ...pieces] = splitPairs(text.slice(start, end), ",", start);
  const option = pieces.find(({ key, value }) => value !== null && known.has(key.trim().toLowerCase()));
  if (option === undefined) return;
  throw draft.error(
    "CONFIG_SYNTAX",
    "An option stands among the hosts: leave the scheme out (StackExchange.Redis), or write options behind a ? and %2C for a comma",
    option.start,
  );
}

interface Pieces {
  readonly text: string;
  readonly base: number;
  readonly scheme: string;
  /** Behind `://`. */
  readonly start: number;
  readonly queryStart: number;
  readonly end: number;
}

function readNetwork({ text, base, scheme, start, queryStart, end }: Pieces): Reading {
  const draft = new Draft("url", rulesOf(scheme), base);
  if (urlSchemes[scheme] === true) draft.put("tls", true, `${scheme}://`, { start: 0, end: start });
  const at = text.lastIndexOf("@", queryStart - 1);
  const hostStart = at < start ? start : at + 1;
  if (at >= start) readUserInfo(draft, text, { start, end: at });
  const slash = text.indexOf("/", hostStart);
  const hostEnd = slash < 0 || slash > queryStart ? queryStart : slash;
  readHosts(draft, text, { start: hostStart, end: hostEnd });
  readDatabase(draft, text, { start: hostEnd + 1, end: queryStart });
  readQuery(draft, text, { start: queryStart, end }, scheme);
  return draft;
}

function readSocket({ text, base, scheme, start, queryStart, end }: Pieces): Reading {
  const draft = new Draft("url", rulesOf(scheme), base);
  const at = text.indexOf("@", start);
  const slash = text.indexOf("/", start);
  const pathStart = at >= 0 && (slash < 0 || at < slash) ? at + 1 : start;
  if (pathStart > start) readUserInfo(draft, text, { start, end: at });
  const path = decoded(draft, text, { start: pathStart, end: queryStart }, "The path");
  if (!/^[/@]./s.test(path)) {
    throw draft.error(
      "CONFIG_NO_ENDPOINT",
      "unix:// needs the absolute path of a socket, as in unix:///run/redis.sock",
      pathStart,
    );
  }
  draft.endpoint({ host: path, port: 0, path }, { start: pathStart, end: queryStart });
  readQuery(draft, text, { start: queryStart, end }, scheme);
  return draft;
}

function readUserInfo(draft: Draft, text: string, { start, end }: Span): void {
  const raw = text.slice(start, end);
  const unencoded = raw.search(/[?#@/]/);
  if (unencoded >= 0) {
    draft.warn(
      "unencoded-character",
      "A reserved character in the user information is not percent-encoded",
      start + unencoded,
    );
  }
  if (raw.includes("+")) {
    draft.warn(
      "password-differs-elsewhere",
      "A + in the user information stands for itself; some parsers read a blank",
      start + raw.indexOf("+"),
    );
  }
  const colon = raw.indexOf(":");
  if (colon < 0 && raw !== "") {
    draft.warn(
      "lone-token-is-password",
      "The one part before the @ is the password, as for redis-cli; ioredis and node-redis take it as the user name",
      start,
    );
  }
  const passwordStart = start + colon + 1;
  if (colon > 0) {
    const span = { start, end: start + colon };
    draft.put("username", decoded(draft, text, span, "The user name"), "user", span);
  }
  const span = { start: passwordStart, end };
  draft.put("password", decoded(draft, text, span, "The password"), "password", span);
}

function readHosts(draft: Draft, text: string, { start, end }: Span): void {
  for (const piece of text.slice(start, end).split(",")) {
    const span = { start, end: start + piece.length };
    start = span.end + 1;
    const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(piece) ?? [];
    if (bracketed === undefined && piece.split(":").length > 2) {
      throw draft.error(
        "CONFIG_SYNTAX",
        "A host with several colons: an IPv6 address needs brackets, as in [::1]:6379",
        span.start,
      );
    }
    if (bracketed === "" || name === "")
      throw draft.error("CONFIG_NO_ENDPOINT", "The host is missing", span.start);
    const host = readHost(bracketed === undefined ? (name ?? "") : `[${bracketed.replace("%25", "%")}]`);
    if (host === null)
      throw draft.error("CONFIG_SYNTAX", describeBadHost(bracketed ?? name ?? ""), span.start);
    const number = port === undefined ? null : readPort(port);
    if (port !== undefined && number === null) {
      throw draft.error("CONFIG_SYNTAX", "The port is not a number from 1 to 65535", span.end - port.length);
    }
    draft.endpoint({ host, port: number }, span);
  }
}

function readDatabase(draft: Draft, text: string, { start, end }: Span): void {
  if (start >= end) return;
  const number = text.slice(start, end);
  if (!/^\d{1,10}$/.test(number) || Number(number) > 2_147_483_647) {
    throw draft.error("CONFIG_INVALID_VALUE", "The path must be the number of a database, as in /0", start);
  }
  draft.put("database", Number(number), "database", { start, end });
}

function readQuery(draft: Draft, text: string, { start, end }: Span, scheme: string): void {
  if (start >= end) return;
  if (text[start] === "#" || text.slice(start, end).includes("#")) {
    throw draft.error(
      "CONFIG_SYNTAX",
      "A Redis URL has no fragment; write %23 for a # in a value",
      text.indexOf("#", start),
    );
  }
  const known = dictionaryOf("url");
  let previous: KnownWord | null = null;
  for (const pair of splitPairs(text.slice(start + 1, end), "&", start + 1)) {
    if (pair.key === "" && pair.value === null) continue;
    const key = pair.key.toLowerCase();
    const word = known.get(key);
    const span = { start: pair.valueStart, end: pair.end };
    const harmless = verificationSwitches[key];
    if (harmless !== undefined) {
      refuseUnverified(draft, decoded(draft, text, span, key), harmless, pair.key, pair.start);
      continue;
    }
    if (word === undefined) throw unknownKey(draft, pair, previous);
    previous = word;
    if (pair.value === null || pair.value === "") {
      refuseEmpty(draft, word, pair.start);
      continue;
    }
    const value = decoded(draft, text, span, word.word);
    refuseContradiction(draft, word, value, pair.start, scheme);
    draft.set(word, value, span);
  }
}

function refuseUnverified(
  draft: Draft,
  value: string,
  harmless: readonly string[],
  key: string,
  index: number,
): void {
  if (harmless.includes(value.toLowerCase())) return;
  throw draft.error(
    "CONFIG_INSECURE",
    `${key} would switch off the verification of certificates, which no connection string may do; say dangerouslySkipVerification in code (--insecure on the command line)`,
    index,
  );
}

function refuseEmpty(draft: Draft, { name, word }: KnownWord, index: number): void {
  if (name === "tls") {
    throw draft.error(
      "CONFIG_INSECURE",
      `${word} has no value, so it is not clear whether you want TLS; write ${word}=true`,
      index,
    );
  }
  draft.warn("empty-value", `${word} has no value and is left out`, index);
}

/** What the query says must not quietly replace what the rest of the URL says. */
function refuseContradiction(
  draft: Draft,
  word: KnownWord,
  value: string,
  index: number,
  scheme: string,
): void {
  const earlier = draft.settings.get(word.name);
  if (earlier === undefined || value === "") return;
  const probe = new Draft("url", draft.rules, draft.base);
  probe.set(word, value, { start: index, end: index });
  if (probe.settings.get(word.name)?.value === earlier.value) return;
  if (word.name === "tls" && urlSchemes[scheme] === true) {
    throw draft.error(
      "CONFIG_INSECURE",
      `${scheme}:// is TLS, and ${word.word} says the opposite; write redis:// if you want plain text`,
      index,
    );
  }
  if (earlier.value === "") return;
  throw draft.error(
    "CONFIG_AMBIGUOUS",
    `${word.word} says something else than the part at position ${earlier.start}; write it once`,
    index,
  );
}

function decoded(draft: Draft, text: string, { start, end }: Span, what: string): string {
  const result = decodePercent(text.slice(start, end));
  if ("text" in result) return result.text;
  throw draft.error(
    "CONFIG_SYNTAX",
    `${what} has a % that begins no percent-encoded UTF-8; write %25 for the sign itself`,
    start + result.bad,
  );
}

function indexOfAny(text: string, characters: string, from: number, end: number): number {
  for (let index = from; index < end; index++) if (characters.includes(text[index] ?? "")) return index;
  return end;
}
