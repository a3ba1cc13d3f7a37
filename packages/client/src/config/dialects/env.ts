import { RedoubtError } from "../../errors.ts";
import { sameMeaning } from "../ambiguity.ts";
import { readHost, readPort } from "../endpoint.ts";
import { type OptionName, wordsOf } from "../option-table.ts";
import { type DialectRules, Draft, type Reading, type Span } from "../reading.ts";
import { resolve } from "../resolve.ts";
import { schemeOf, urlSchemes } from "./url.ts";

const rules: DialectRules = {
  tlsByProvider: true,
  refusesTlsOptionsInPlainText: true,
  sentinelsShareCredentials: false,
  defaultPort: ({ tls, provider, fallback }) => fallback ?? (tls ? provider?.tlsPort : null) ?? 6379,
};

/** A variable; the span is that of its value. */
export interface Variable extends Span {
  readonly name: string;
  readonly value: string;
}

/** Reads the value of a variable that holds a whole connection string. */
export type ReadString = (text: string, base: number) => Reading;

/** The prefix that a resource's name gives its variables: other characters than letters and digits become `_`, upper case. */
export function variablePrefix(name: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  const encoded = plain ? name : name.replace(/[^A-Za-z0-9]/g, "_").replace(/^(?=\d)/, "_");
  return encoded.toUpperCase();
}

const connectionStrings = /^ConnectionStrings(?:__|:)(.+)$/i;
const stringSuffix = /^(?:(.+)_)?(?:URL|URI)$/i;
const partSuffix = /^(?:(.+)_)?(?:HOST|PORT)$/i;

/**
 * Reads `NAME_URI`, `NAME_URL`, `ConnectionStrings__name` (any dialect inside) and `NAME_HOST`, `NAME_PORT`,
 * `NAME_PASSWORD`, `NAME_USERNAME`, `NAME_TLS`, `NAME_DATABASE`. Without a name `REDIS` is looked for first, then the
 * only set that there is.
 *
 * @throws RedoubtError CONFIG_MISSING where nothing is set, CONFIG_AMBIGUOUS where variables contradict each other
 */
export function readVariables(
  variables: readonly Variable[],
  readString: ReadString,
  name?: string,
): Reading {
  const set = variables.filter(({ value }) => value !== "");
  const prefix = name === undefined ? choosePrefix(set) : variablePrefix(name);
  const mine = set.filter((variable) => belongsTo(variable, prefix));
  const whole = [`${stemOf(prefix)}URL`, `${stemOf(prefix)}URI`];
  const strings = mine.filter(
    ({ name: key }) => connectionStrings.test(key) || whole.includes(key.toUpperCase()),
  );
  const draft = strings.length === 0 ? new Draft("env", rules, 0) : readStrings(strings, readString);
  mergeParts(draft, mine, prefix);
  if (draft.endpoints.length === 0) throw missing(draft, prefix);
  return draft;
}

const stemOf = (prefix: string) => (prefix === "" ? "" : `${prefix}_`);

function missing(draft: Draft, prefix: string) {
  const stem = stemOf(prefix);
  return draft.error(
    "CONFIG_MISSING",
    `None of ${stem}URL, ${stem}URI, ${stem}HOST and ConnectionStrings__${prefix === "" ? "name" : prefix.toLowerCase()} is set`,
    0,
  );
}

function belongsTo({ name }: Variable, prefix: string): boolean {
  const resource = connectionStrings.exec(name)?.[1];
  if (resource !== undefined) return variablePrefix(resource) === prefix;
  return prefix === "" ? !name.includes("_") : name.toUpperCase().startsWith(`${prefix}_`);
}

/** The prefix of the only set of variables; sets that are surely of Redis go before those that only may be. */
function choosePrefix(variables: readonly Variable[]): string {
  const sure = new Set<string>();
  const possible = new Set<string>();
  for (const { name, value } of variables) {
    const resource = connectionStrings.exec(name)?.[1];
    if (resource !== undefined) possible.add(variablePrefix(resource));
    const holder = stringSuffix.exec(name);
    if (holder !== null && (schemeOf(value) ?? "") in urlSchemes) sure.add((holder[1] ?? "").toUpperCase());
    const part = partSuffix.exec(name);
    if (part !== null) possible.add((part[1] ?? "").toUpperCase());
  }
  if (sure.has("REDIS") || possible.has("REDIS")) return "REDIS";
  const [prefix, ...others] = sure.size > 0 ? sure : possible;
  if (prefix === undefined) return "REDIS";
  if (others.length === 0) return prefix;
  const names = [prefix, ...others].map((one) => one || "(no prefix)").join(", ");
  throw new Draft("env", rules, 0).error(
    "CONFIG_AMBIGUOUS",
    `Several sets of variables are there: ${names}; say which one by its name`,
    variables[0]?.start ?? 0,
  );
}

/** All variables that hold a whole string must mean the same; the first one is taken, and a password from any. */
function readStrings(strings: readonly Variable[], readString: ReadString): Draft {
  const [first, ...others] = strings.map((variable) => ({
    variable,
    reading: readVariable(variable, readString),
  }));
  if (first === undefined) throw new Error("unreachable: there is at least one string");
  const draft = new Draft("env", first.reading.rules, 0);
  draft.endpoints.push(...first.reading.endpoints);
  draft.warnings.push(...first.reading.warnings);
  for (const [key, setting] of first.reading.settings) draft.settings.set(key, setting);
  const target = resolve(first.reading);
  for (const { variable, reading } of others) {
    const other = resolve(reading);
    const password = target.password ?? other.password;
    if (!sameMeaning({ ...target, password }, { ...other, password: other.password ?? password })) {
      const message = `${first.variable.name} and ${variable.name} contradict each other`;
      throw draft.error("CONFIG_AMBIGUOUS", message, variable.start);
    }
    const setting = reading.settings.get("password");
    if (setting !== undefined && target.password === null) draft.settings.set("password", setting);
  }
  return draft;
}

function readVariable({ name, value, start }: Variable, readString: ReadString): Reading {
  try {
    return readString(value, start);
  } catch (error) {
    if (!(error instanceof RedoubtError)) throw error;
    const { code, message, position = start, hint } = error;
    throw new RedoubtError(code, `${name}: ${message}`, { position, hint });
  }
}

function mergeParts(draft: Draft, variables: readonly Variable[], prefix: string): void {
  const stem = stemOf(prefix);
  const find = (...words: string[]) =>
    variables.find(({ name }) => words.some((word) => name.toUpperCase() === stem + word));
  mergeAddress(draft, find("HOST"), find("PORT"));
  for (const option of ["username", "password", "database", "tls"] satisfies OptionName[]) {
    for (const known of wordsOf(option, "env")) {
      const variable = find(known.word);
      if (variable === undefined) continue;
      const earlier = draft.settings.get(option);
      draft.set({ ...known, word: variable.name }, variable.value, variable);
      const implied =
        option === "tls" && earlier === undefined && draft.rules !== rules ? false : earlier?.value;
      const now = draft.settings.get(option)?.value;
      if (implied !== undefined && implied !== "" && implied !== now) {
        const source =
          earlier === undefined ? "the connection string" : `the part at position ${earlier.start}`;
        throw draft.error("CONFIG_AMBIGUOUS", `${variable.name} contradicts ${source}`, variable.start);
      }
    }
  }
}

function mergeAddress(draft: Draft, host: Variable | undefined, port: Variable | undefined): void {
  const number = port === undefined ? null : readPort(port.value);
  if (port !== undefined && number === null) {
    throw draft.error("CONFIG_INVALID_VALUE", `${port.name} needs a port from 1 to 65535`, port.start);
  }
  const name = host === undefined ? null : readHost(host.value);
  if (host !== undefined && name === null) {
    throw draft.error(
      "CONFIG_SYNTAX",
      `${host.name} needs a DNS name or an address, without scheme and port`,
      host.start,
    );
  }
  const [endpoint, ...others] = draft.endpoints;
  if (endpoint === undefined) {
    if (host !== undefined && name !== null) draft.endpoint({ host: name, port: number }, host);
    return;
  }
  if (
    host !== undefined &&
    ![endpoint, ...others].some((one) => one.host.toLowerCase() === name?.toLowerCase())
  ) {
    throw draft.error(
      "CONFIG_AMBIGUOUS",
      `${host.name} and the connection string name different hosts`,
      host.start,
    );
  }
  if (port === undefined || others.length > 0) return;
  if (endpoint.port === null) draft.endpoints[0] = { ...endpoint, port: number };
  else if (endpoint.port !== number) {
    throw draft.error(
      "CONFIG_AMBIGUOUS",
      `${port.name} and the connection string name different ports`,
      port.start,
    );
  }
}

const line = /^(?:export\s+)?([A-Za-z_][\w.:-]*)=(.*)$/;

/** The variables of a text with one `NAME=value` in each line, quotes around a value aside; `null` for any other text. */
export function splitVariables(text: string): Variable[] | null {
  const variables: Variable[] = [];
  let offset = 0;
  for (const row of text.split("\n")) {
    const start = offset;
    offset += row.length + 1;
    const trimmed = row.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const found = line.exec(trimmed);
    if (found === null) return null;
    const [, name = "", raw = ""] = found;
    const quoted = raw.length >= 2 && (raw[0] === '"' || raw[0] === "'") && raw.endsWith(raw[0]);
    const value = quoted ? raw.slice(1, -1) : raw;
    const valueStart = start + row.indexOf(trimmed) + trimmed.length - raw.length + (quoted ? 1 : 0);
    variables.push({ name, value, start: valueStart, end: valueStart + value.length });
  }
  const recognised = ({ name }: Variable) =>
    [connectionStrings, stringSuffix, partSuffix].some((one) => one.test(name));
  return variables.some(recognised) ? variables : null;
}
