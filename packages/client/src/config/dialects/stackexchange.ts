import { describeBadHost, readHost, readPort } from "../endpoint.ts";
import { dictionaryOf, type KnownWord, optionRow } from "../option-table.ts";
import { type Pair, splitPairs, unknownKey } from "../query.ts";
import { type DialectRules, Draft, type Reading, type Span } from "../reading.ts";

const rules: DialectRules = {
  tlsByProvider: true,
  refusesTlsOptionsInPlainText: false,
  sentinelsShareCredentials: true,
  defaultPort: ({ tls, sentinel, fallback }) => fallback ?? (sentinel ? 26_379 : tls ? 6380 : 6379),
};

/**
 * Reads `host[:port][,host…][,key=value…]` as StackExchange.Redis does: split at every comma, nothing is escaped or
 * decoded; a piece with `=` behind its first character is an option, any other an endpoint.
 */
export function readStackExchange(text: string, base = 0): Reading {
  const draft = new Draft("stackexchange", rules, base);
  const known = dictionaryOf("stackexchange");
  let previous: KnownWord | null = null;
  for (const piece of splitPairs(text, ",", 0)) {
    const token = trimmed(text, piece);
    if (token.end === token.start) continue;
    if (piece.value === null || text[token.start] === "=") {
      if (previous !== null && optionRow(previous.name).secret) {
        const message = `A comma ends ${previous.word} in this dialect; what follows is read as a host`;
        draft.warn("password-with-comma", message, token.start);
      }
      readEndpoint(draft, text, token);
      continue;
    }
    const key = piece.key.trim();
    if (key.startsWith("$")) {
      warnOfRename(draft, key, piece.value, token);
      continue;
    }
    const word = known.get(key.toLowerCase());
    if (word === undefined) throw unknownKey(draft, { ...piece, key, start: token.start }, previous);
    previous = word;
    readOption(draft, word, text, piece);
  }
  return draft;
}

function readOption(draft: Draft, word: KnownWord, text: string, { valueStart, end }: Pair): void {
  const span = trimmed(text, { start: valueStart, end });
  const value = text.slice(span.start, span.end);
  if (draft.settings.has(word.name)) {
    draft.warn("repeated-option", `${word.word} is set twice; this one counts`, span.start);
  }
  if (word.name === "tunnel" && value === "") draft.settings.delete("tunnel");
  else draft.set(word, value, span);
}

/** `$GET=FETCH` renames a command, `$GET=` switches it off; Redoubt does neither. */
function warnOfRename(draft: Draft, key: string, value: string, { start }: Span): void {
  if (key.slice(1).toLowerCase() === value.trim().toLowerCase()) return;
  const change = value.trim() === "" ? "switched off" : "renamed";
  draft.warn("option-not-applied", `A command is ${change} with $; Redoubt does not apply it`, start);
}

function readEndpoint(draft: Draft, text: string, span: Span): void {
  const token = text.slice(span.start, span.end);
  if (token.startsWith("!")) {
    const path = token.slice(1);
    if (path === "") draft.warn("ignored-option", "A lone ! names no socket and is left out", span.start);
    else draft.endpoint({ host: path, port: 0, path }, span);
    return;
  }
  const [name, portText] = splitAddress(token);
  const portStart = span.end - (portText?.length ?? 0);
  if (name === "") throw draft.error("CONFIG_NO_ENDPOINT", "The host is missing", span.start);
  // 0 is how StackExchange.Redis says that no port is named.
  const unnamed = portText === null || /^\s*\+?0+\s*$/.test(portText);
  const port = unnamed ? null : readPort(portText);
  if (!unnamed && port === null) {
    throw draft.error("CONFIG_SYNTAX", "The port is not a number from 1 to 65535", portStart);
  }
  const host = readHost(name);
  if (host === null) throw draft.error("CONFIG_SYNTAX", describeBadHost(name), span.start);
  draft.endpoint({ host, port }, span);
}

/** Host and port; several colons without brackets are an address without port. */
function splitAddress(token: string): [string, string | null] {
  const bracket = token.lastIndexOf("]");
  const colon = token.lastIndexOf(":");
  if (token.startsWith("[") && bracket > 0) {
    return [token.slice(0, bracket + 1), colon > bracket ? token.slice(colon + 1) : null];
  }
  if (colon < 0 || token.indexOf(":") !== colon) return [token, null];
  return [token.slice(0, colon), token.slice(colon + 1)];
}

function trimmed(text: string, { start, end }: Span): Span {
  const piece = text.slice(start, end);
  const from = start + (piece.length - piece.trimStart().length);
  return { start: from, end: Math.max(from, end - (piece.length - piece.trimEnd().length)) };
}
