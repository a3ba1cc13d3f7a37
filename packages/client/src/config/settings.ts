import { RedoubtError } from "../errors.ts";
import { sharedDnsName } from "./endpoint.ts";
import { type OptionName, optionNames, optionRow, wordsOf } from "./option-table.ts";
import { encodePercent } from "./percent.ts";
import { mask } from "./secret.ts";
import type { Dialect, Endpoint, Target } from "./target.ts";
import { netVersionNames } from "./tls-versions.ts";
import type { Value } from "./value.ts";

/** Thrown where a dialect has no word for something; `what` names it without its value. */
export function notExpressible(dialect: string, what: string, hint?: string): RedoubtError {
  return new RedoubtError(
    "CONFIG_NOT_EXPRESSIBLE",
    `${dialect} cannot express ${what}`,
    hint === undefined ? {} : { hint },
  );
}

/** An option of a target as a dialect writes it; the text of a secret is masked unless it is to be revealed. */
export interface WrittenOption {
  readonly name: OptionName;
  readonly word: string;
  readonly text: string;
  /** Whether `text` is the mask, which no dialect escapes. */
  readonly masked: boolean;
}

/** What a target sets, by the canonical names of the options: the inverse of `resolve`. */
function settingsOf(target: Target): Map<OptionName, Value> {
  const { tls, sentinel, timeouts } = target;
  const implied = sharedDnsName(target.endpoints);
  const values: Partial<Record<OptionName, Value | null>> = {
    username: target.username,
    password: target.password?.reveal() ?? null,
    database: target.database,
    clientName: target.clientName,
    tls: tls.enabled,
    servername: tls.servername === implied ? null : tls.servername,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    verify: tls.verify === "full" ? null : tls.verify,
    caFile: tls.caFile,
    certFile: tls.certFile,
    keyFile: tls.keyFile,
    pfxFile: tls.pfxFile,
    passphrase: tls.passphrase?.reveal() ?? null,
    ciphers: tls.ciphers,
    pins: tls.pins.length === 0 ? null : tls.pins.join(","),
    masterName: sentinel?.masterName ?? null,
    sentinelUsername: sentinel?.username ?? null,
    sentinelPassword: sentinel?.password?.reveal() ?? null,
    connectTimeout: timeouts.connectMs,
    commandTimeout: timeouts.commandMs,
    ...target.options,
  };
  const settings = new Map<OptionName, Value>();
  for (const name of optionNames) {
    const value = values[name];
    if (value !== undefined && value !== null) settings.set(name, value);
  }
  return settings;
}

/** Whether a target without TLS has options that only mean something with TLS. */
export function hasTlsOptions(target: Target): boolean {
  return [...settingsOf(target).keys()].some((name) => optionRow(name).tls === true);
}

/**
 * The options of a target in the words of a dialect, in the order of the table.
 *
 * @throws RedoubtError CONFIG_NOT_EXPRESSIBLE for an option without a word, unless it is only tuning
 */
export function writtenOptions(target: Target, dialect: Dialect, reveal: boolean): WrittenOption[] {
  const settings = settingsOf(target);
  refuseUnverified(target, dialect);
  if (wordsOf("minVersion", dialect).length === 0 && wordsOf("tlsVersions", dialect).length > 0) {
    const names = netVersionNames(target.tls.minVersion, target.tls.maxVersion);
    settings.delete("minVersion");
    settings.delete("maxVersion");
    if (names !== null) settings.set("tlsVersions", names);
  }
  const written: WrittenOption[] = [];
  for (const [name, value] of settings) {
    const row = optionRow(name);
    const [known] = wordsOf(name, dialect);
    if (known === undefined) {
      if (row.tuning) continue;
      throw notExpressible(dialect, `${name} (${row.meaning.replace(/\.$/, "")})`);
    }
    const scaled = known.unit === "s" ? Number(value) / 1000 : value;
    if (typeof scaled === "number" && !Number.isInteger(scaled)) {
      throw notExpressible(dialect, `${name}, which is not a whole number of seconds`);
    }
    const masked = row.secret === true && !reveal;
    written.push({ name, word: known.word, text: masked ? mask : String(scaled), masked });
  }
  return written;
}

/** Verification that is switched off is said in code, never in a connection string. */
export function refuseUnverified({ tls }: Target, dialect: string): void {
  if (tls.verify === "none") {
    throw notExpressible(
      dialect,
      "that certificates are not verified",
      "Say dangerouslySkipVerification in code.",
    );
  }
}

/** The one endpoint of a target, for dialects that have no lists. */
export function singleEndpoint({ endpoints }: Target, dialect: string): Endpoint {
  const [endpoint, ...others] = endpoints;
  if (endpoint === undefined || others.length > 0) throw notExpressible(dialect, "several endpoints");
  return endpoint;
}

/** Percent-encoded, the mask as it is. */
export function encoded(text: string, masked: boolean, dialect: string, what: string): string {
  const result = masked ? text : encodePercent(text);
  if (result === null) throw notExpressible(dialect, `${what}, which is not valid Unicode`);
  return result;
}
