import { onlyOne } from "../ambiguity.ts";
import { describeBadHost, readHost, readPort } from "../endpoint.ts";
import { dictionaryOf, type KnownWord, optionRow } from "../option-table.ts";
import { decodePercent } from "../percent.ts";
import { describeUnknown, meantWord, type Pair, splitPairs, unknownKey, wordElsewhere } from "../query.ts";
import { type DialectRules, Draft, type Reading, type Span } from "../reading.ts";
import { readUrl, schemeOf, urlSchemes } from "./url.ts";

/** The word `ssl` moves the port to 6380, whatever the caller's default is. */
const rules: DialectRules = {
  tlsByProvider: true,
  refusesTlsOptionsInPlainText: true,
  sentinelsShareCredentials: false,
  defaultPort: ({ tls, tlsWord, fallback }) => (tlsWord ? 6380 : (fallback ?? (tls ? 6380 : 6379))),
};

/**
 * Reads `[redis://][[client:]password@]host[:port][?option=value&…]` as ServiceStack.Redis does: split at the last `@`
 * (the query included), then at the first `?`, then the address at the last `:`; nothing before the `@` is decoded.
 *
 * Where an `@` behind the first `?` gives a second reading, both are tried; if both hold, the string is ambiguous.
 */
export function readServiceStack(text: string, base = 0): Reading {
  const scheme = schemeOf(text);
  if (scheme !== null && scheme !== "redis") {
    if (scheme in urlSchemes) return readUrl(text, base);
    throw new Draft("servicestack", rules, base).error(
      "CONFIG_SYNTAX",
      "The scheme is not known to ServiceStack",
      0,
    );
  }
  const start = scheme === null ? 0 : text.indexOf("://") + 3;
  const mark = text.indexOf("?", start);
  const lastAt = text.lastIndexOf("@");
  const inUserInfo = () => readPieces(text, base, start, lastAt);
  if (mark < 0 || lastAt < mark) return inUserInfo();
  return onlyOne(
    [
      {
        how: "all before the last @ is connection name and password, as ServiceStack reads it (write password=… in the query, with %40 for @ and %3F for ?)",
        read: inUserInfo,
      },
      {
        how: "the first ? begins the options and the @ belongs to a value (write %40 for it)",
        read: () => readPieces(text, base, start, text.lastIndexOf("@", mark), true),
      },
    ],
    base + lastAt,
  );
}

/**
 * @param at index of the `@` that ends the user information, or one before `start`
 * @param strict refuses what is not an option with a value, because it speaks against this reading
 */
function readPieces(text: string, base: number, start: number, at: number, strict = false): Reading {
  const draft = new Draft("servicestack", rules, base);
  if (at >= start) readUserInfo(draft, text, { start, end: at });
  const addressStart = Math.max(start, at + 1);
  const mark = text.indexOf("?", addressStart);
  const addressEnd = mark < 0 ? text.length : mark;
  readAddress(draft, text, { start: addressStart, end: addressEnd });
  if (mark >= 0) readQuery(draft, text.slice(mark + 1), mark + 1, strict);
  refusePlainTlsPort(draft);
  return draft;
}

function readUserInfo(draft: Draft, text: string, { start, end }: Span): void {
  const colon = text.slice(start, end).indexOf(":");
  const passwordStart = start + colon + 1;
  if (colon > 0) {
    draft.put("clientName", text.slice(start, start + colon), "client", { start, end: start + colon });
    draft.warn(
      "client-name-not-user",
      "The part before the colon is the name of the connection, not a user, as in ServiceStack; for an ACL user write username=…",
      start,
    );
  }
  const password = text.slice(passwordStart, end);
  draft.put("password", password, "password", { start: passwordStart, end });
  const escape = password.search(/%[0-9a-f]{2}/i);
  if (escape >= 0) {
    draft.warn(
      "password-differs-elsewhere",
      "A % before the @ stands for itself in ServiceStack; URL parsers would decode it",
      passwordStart + escape,
    );
  }
}

function readAddress(draft: Draft, text: string, { start, end }: Span): void {
  const address = text.slice(start, end);
  const colon = address.endsWith("]") ? -1 : address.lastIndexOf(":");
  const name = colon < 0 ? address : address.slice(0, colon);
  if (name.trim() === "") throw draft.error("CONFIG_NO_ENDPOINT", "The host is missing", start);
  const port = colon < 0 ? null : readPort(address.slice(colon + 1));
  if (colon >= 0 && port === null) {
    throw draft.error("CONFIG_SYNTAX", "The port is not a number from 1 to 65535", start + colon + 1);
  }
  const host = readHost(name);
  if (host === null) throw draft.error("CONFIG_SYNTAX", describeBadHost(name), start);
  draft.endpoint({ host, port }, { start, end });
}

function readQuery(draft: Draft, query: string, start: number, strict: boolean): void {
  const known = dictionaryOf("servicestack");
  let previous: KnownWord | null = null;
  let emptyTls: Pair | null = null;
  for (const pair of splitPairs(query, "&", start)) {
    if (pair.key === "" && pair.value === null) continue;
    const word = known.get(pair.key.toLowerCase());
    if (word === undefined) {
      if (strict) throw unknownKey(draft, pair, previous);
      judgeUnknown(draft, pair, previous);
      continue;
    }
    previous = word;
    if (pair.value === null || pair.value === "") {
      if (word.name === "tls") emptyTls ??= pair;
      draft.warn("empty-value", `${word.word} has no value and is left out`, pair.start);
      continue;
    }
    readOption(draft, word, pair, pair.value);
  }
  if (emptyTls !== null && !draft.settings.has("tls")) {
    throw draft.error(
      "CONFIG_INSECURE",
      "ssl has no value: ServiceStack would ignore it and send everything as plain text; write ssl=true",
      emptyTls.start,
    );
  }
}

function readOption(draft: Draft, word: KnownWord, { valueStart, end }: Pair, raw: string): void {
  const value = decodePercent(raw.replaceAll("+", " "), true);
  if ("bad" in value) {
    const message = `${word.word} has a % that is not followed by two hexadecimal digits; write %25 for the sign itself`;
    throw draft.error("CONFIG_SYNTAX", message, valueStart + value.bad);
  }
  if (optionRow(word.name).type === "text" && raw.includes("+")) {
    draft.warn(
      "password-differs-elsewhere",
      `A + in ${word.word} is a blank in ServiceStack; write %2B for a +`,
      valueStart + raw.indexOf("+"),
    );
  }
  if (value.text.includes("\uFFFD")) {
    draft.warn("undecodable-bytes", `${word.word} holds bytes that are no UTF-8`, valueStart);
  }
  if (draft.settings.has(word.name)) {
    draft.warn("repeated-option", `${word.word} is set twice; this one counts`, valueStart);
  }
  draft.set(word, value.text, { start: valueStart, end });
}

/** ServiceStack ignores unknown options: harmless ones too here, but nothing that may have meant TLS or a credential. */
function judgeUnknown(draft: Draft, pair: Pair, previous: KnownWord | null): void {
  const elsewhere = wordElsewhere(pair.key);
  const weighty =
    elsewhere !== null && (optionRow(elsewhere.name).tls ?? optionRow(elsewhere.name).secret ?? false);
  if (weighty || meantWord(pair.key, draft) !== null) throw unknownKey(draft, pair, previous);
  draft.warn(
    "unknown-option",
    `${describeUnknown(draft, pair, previous)}; ServiceStack ignores it`,
    pair.start,
  );
}

function refusePlainTlsPort(draft: Draft): void {
  const ssl = draft.settings.get("tls");
  if (ssl?.value !== false || draft.endpoints.some(({ port }) => port !== null)) return;
  throw draft.error(
    "CONFIG_INSECURE",
    "ssl=false without a port: ServiceStack would speak plain text to 6380, the port of TLS; write the port, or leave ssl out",
    ssl.start - draft.base,
  );
}
