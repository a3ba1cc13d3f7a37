import { RedoubtError } from "../errors.ts";
import { endpointText } from "./endpoint.ts";
import { type OptionName, optionRow } from "./option-table.ts";
import { positionedError, type Reading, type Span } from "./reading.ts";
import { resolve } from "./resolve.ts";
import { mask } from "./secret.ts";
import type { Target } from "./target.ts";

/** One way to read a text. */
export interface Candidate {
  /** How this reading comes about, and how to write it so that it is the only one. */
  readonly how: string;
  readonly read: () => Reading;
}

interface Held {
  readonly how: string;
  readonly reading: Reading;
  readonly target: Target;
}

/**
 * The reading of the candidates that holds, the first where several mean the same.
 *
 * @throws RedoubtError CONFIG_AMBIGUOUS with all readings, secrets masked, where they mean different things; the error of
 *   the first candidate where none holds
 * @param position of what makes the text ambiguous
 */
export function onlyOne(candidates: readonly Candidate[], position: number): Reading {
  const held: Held[] = [];
  const failures: RedoubtError[] = [];
  for (const { how, read } of candidates) {
    try {
      const reading = read();
      held.push({ how, reading, target: resolve(reading) });
    } catch (error) {
      if (!(error instanceof RedoubtError)) throw error;
      failures.push(error);
    }
  }
  const [first, ...others] = held;
  if (first === undefined) throw failures[0] ?? new Error("unreachable: there is at least one candidate");
  if (others.every(({ target }) => sameMeaning(first.target, target))) return first.reading;
  const secrets = held.flatMap(({ reading }) => secretSpans(reading));
  const shown = held.map((one, index) => `${index + 1}. ${show(one, secrets)}: ${one.how}`);
  throw positionedError(
    "CONFIG_AMBIGUOUS",
    `The string can be read in two ways. ${shown.join(" ")}`,
    position,
  );
}

/** Whether two targets lead to the same connection: endpoints, TLS, identity, database and name. */
export function sameMeaning(a: Target, b: Target): boolean {
  return meaning(a) === meaning(b);
}

function meaning({ endpoints, tls, username, password, database, clientName, sentinel }: Target): string {
  return JSON.stringify([
    endpoints.map(({ host, port }) => `${host.toLowerCase()} ${port}`),
    tls.enabled,
    tls.servername?.toLowerCase(),
    tls.minVersion,
    tls.maxVersion,
    username,
    password?.reveal() ?? null,
    database ?? 0,
    clientName,
    sentinel?.masterName,
  ]);
}

function secretSpans({ settings }: Reading): Span[] {
  return [...settings].filter(([name]) => optionRow(name).secret === true).map(([, setting]) => setting);
}

/** One reading in words. What lies where another reading has a secret is masked as well. */
function show({ reading, target }: Held, secrets: readonly Span[]): string {
  const safe = (span: Span, text: string) =>
    secrets.some(({ start, end }) => span.start < end && start < span.end)
      ? `${mask} at position ${span.start}`
      : text;
  const hosts = reading.endpoints.map((endpoint) => safe(endpoint, endpointText(endpoint)));
  const parts = [`host ${hosts.join(", ")}`, `TLS ${target.tls.enabled ? "on" : "off"}`];
  const add = (label: string, name: OptionName) => {
    const setting = reading.settings.get(name);
    if (setting !== undefined && setting.value !== "")
      parts.push(`${label} ${safe(setting, String(setting.value))}`);
  };
  add("user", "username");
  if (target.password !== null) parts.push(`password ${mask}`);
  add("connection name", "clientName");
  add("database", "database");
  return parts.join(", ");
}
