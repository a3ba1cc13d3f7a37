import { type Candidate, onlyOne } from "./ambiguity.ts";
import { readVariables, splitVariables } from "./dialects/env.ts";
import { readRedisCli, splitArguments } from "./dialects/redis-cli.ts";
import { readServiceStack } from "./dialects/servicestack.ts";
import { readStackExchange } from "./dialects/stackexchange.ts";
import { readUrl, schemeOf, urlSchemes } from "./dialects/url.ts";
import { dictionaryOf } from "./option-table.ts";
import { type Pair, splitPairs } from "./query.ts";
import { positionedError, type Reading } from "./reading.ts";
import type { Dialect } from "./target.ts";

/** How the text of each dialect is read. */
export const readers: Readonly<Record<Dialect, (text: string, base: number, auth?: string) => Reading>> = {
  url: (text, base) => {
    if ((schemeOf(text) ?? "") in urlSchemes) return readUrl(text, base);
    throw positionedError(
      "CONFIG_SYNTAX",
      `A URL begins with one of ${Object.keys(urlSchemes).join(", ")} and ://`,
      base,
    );
  },
  servicestack: readServiceStack,
  stackexchange: readStackExchange,
  "redis-cli": (text, base, auth) => readRedisCli(splitArguments(text, base), base, auth),
  env: (text, base) => {
    const variables = splitVariables(text);
    if (variables !== null) return readVariables(variables, (value, start) => recognise(value, base + start));
    throw positionedError(
      "CONFIG_SYNTAX",
      "The text is not a list of NAME=value lines with a URL, URI or HOST",
      base,
    );
  },
};

/** Line breaks at the end come from a file or the clipboard; in ServiceStack's form they would belong to the password. */
const lastBreaks = /[\r\n]+$/;

/** Pasted from a script, a `.env` file or a text that was typeset. */
const quoted = /^\s*(?:(["'`])(?:.*\S)?\1|“.*”)\s*$/s;

/** Arguments are words; one word with an `@` in it is a password that begins with a dash, and a host. */
const cliArguments = /^\s*(-(?!\S*@\S*$)|(\S*\/)?(redis|valkey)-cli(\s|$))/;

/**
 * Finds out the dialect of a text and reads it. A decisive mark of one dialect settles it; else all dialects that the text
 * may be of are tried, and if they mean different things the text is ambiguous.
 *
 * @param base where the text begins in the whole text, for positions
 */
export function recognise(text: string, base = 0, auth?: string): Reading {
  if (quoted.test(text)) {
    const message =
      "Quotation marks stand around the whole string; they belong to a shell or a file, leave them out";
    throw positionedError("CONFIG_SYNTAX", message, base);
  }
  if (cliArguments.test(text)) return readers["redis-cli"](text, base, auth);
  const scheme = schemeOf(text);
  if (scheme === "redis") return onlyOne(redisCandidates(text.replace(lastBreaks, ""), base), base);
  if (scheme !== null && scheme in urlSchemes) return readUrl(text, base);
  if (splitVariables(text) !== null) return readers.env(text, base);
  if (scheme !== null) {
    const known = Object.keys(urlSchemes).join(", ");
    throw positionedError("CONFIG_SYNTAX", `The scheme is not one of ${known}`, base);
  }
  return onlyOne(plainCandidates(text.replace(lastBreaks, ""), base), base);
}

/** `redis://…` is a URL and also ServiceStack's. */
function redisCandidates(text: string, base: number): Candidate[] {
  const url: Candidate = {
    how: "as a URL (write rediss:// or a /database path, or username= and clientname= behind rediss://)",
    read: () => readUrl(text, base),
  };
  const serviceStack: Candidate = {
    how: "as ServiceStack (leave redis:// out, or write client= and password= in the query)",
    read: () => readServiceStack(text, base),
  };
  const mark = text.indexOf("?");
  if (mark < 0) return [url];
  const keys = splitPairs(text.slice(mark + 1), "&", 0).map(({ key }) => key.toLowerCase());
  const own = dictionaryOf("servicestack");
  const beyond = [...dictionaryOf("url").keys()].filter((key) => !own.has(key));
  const address = text.slice(text.lastIndexOf("@", mark) + 1, mark).replace(/^.*:\/\//, "");
  if (address.includes("/") || keys.some((key) => beyond.includes(key))) return [url];
  if (keys.some((key) => own.has(key) && key !== "db")) return [serviceStack];
  const unnamed = !text.includes("@");
  return keys.every((key) => own.has(key) || key === "") || unnamed ? [url, serviceStack] : [url];
}

/** Without a scheme: a `?` or an `@` is ServiceStack's, a list with commas StackExchange's, a bare host both. */
function plainCandidates(text: string, base: number): Candidate[] {
  const stackExchange: Candidate = {
    how: "as StackExchange.Redis (write an IPv6 address in brackets)",
    read: () => readStackExchange(text, base),
  };
  const serviceStack: Candidate = {
    how: "as ServiceStack (write an IPv6 address in brackets)",
    read: () => readServiceStack(text, base),
  };
  const tokens = splitPairs(text.split("?", 1)[0] ?? "", ",", 0);
  if (hasListMark(tokens) || text.trimStart().startsWith("!")) return [stackExchange];
  if (text.includes("?") || text.includes("@")) return [serviceStack];
  if (tokens.length > 1 || text.includes("=")) return [stackExchange];
  return [stackExchange, serviceStack];
}

/** A word of StackExchange.Redis with a value, or behind a host any name with a value, a misspelt word perhaps. */
function hasListMark(tokens: readonly Pair[]): boolean {
  const known = dictionaryOf("stackexchange");
  const [first, ...others] = tokens.map(({ key, value }) =>
    value === null ? null : key.trim().toLowerCase(),
  );
  const behindHost = first === null && !tokens[0]?.key.includes("@");
  return (
    [first, ...others].some((key) => key != null && known.has(key)) ||
    (behindHost && others.some((key) => key !== null && /^\$?[a-z]+$/.test(key)))
  );
}
