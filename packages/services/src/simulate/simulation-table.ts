import { nearestName, RedoubtError } from "@redoubt/client";
import type { SimulationKind, SimulationOptions } from "../contract/simulation.ts";
import type { CheckedOptions, SimulationHost, StartSimulation } from "./host.ts";
import { startIdleCut } from "./idle-cut.ts";
import { startIpOnlyCluster } from "./ip-only-cluster.ts";
import { startMaintenanceNotice } from "./maintenance-notice.ts";
import { startCertificateRotation, startFailover } from "./repetition.ts";
import { startTokenIssuer } from "./token-issuer.ts";

/** An option of a simulation. */
export type SimulationOptionRow =
  /** A time in milliseconds, or text with its unit: `90s`, `10m`. */
  | {
      readonly type: "time";
      readonly default: number;
      readonly least: number;
      readonly most: number;
      readonly text: string;
    }
  | { readonly type: "boolean"; readonly default: boolean; readonly text: string }
  | { readonly type: "text"; readonly default: string; readonly pattern: RegExp; readonly text: string };

/** A simulation as a row of the table. */
export interface SimulationRow {
  /** One sentence: what it does to clients. */
  readonly text: string;
  readonly topologies: readonly SimulationHost["topology"][];
  readonly options: Readonly<Record<string, SimulationOptionRow>>;
  readonly start: StartSimulation;
}

const day = 86_400_000;
const time = (text: string, byDefault: number, least: number, most = 365 * day): SimulationOptionRow => ({
  type: "time",
  default: byDefault,
  least,
  most,
  text,
});

/** Every simulation that there is. */
export const simulationTable: Readonly<Record<SimulationKind, SimulationRow>> = {
  "token-issuer": {
    text: "Issues tokens as Microsoft Entra ID does; at a door of its own the service takes them, and hangs up when they end.",
    topologies: ["single", "replicated"],
    options: {
      lifetime: time("How long a token lasts", 3_600_000, 1000),
      idle: time("Silence after which the door hangs up, 0 for never", 600_000, 0),
      "object-id": {
        type: "text",
        default: "",
        pattern: /^([\w-]{1,64})?$/,
        text: "The claim oid of tokens, which is the name of the user; made up where it is not said",
      },
    },
    start: startTokenIssuer,
  },
  "idle-cut": {
    text: "Opens a door at which connections end after some silence.",
    topologies: ["single", "replicated"],
    options: { after: time("Silence after which the door hangs up", 600_000, 100) },
    start: startIdleCut,
  },
  "maintenance-notice": {
    text: "Announces a maintenance on the channel AzureRedisEvents and carries it out.",
    topologies: ["single", "replicated", "cluster"],
    options: {
      lead: time("Time from the first message to the beginning", 30_000, 0),
      failover: {
        type: "boolean",
        default: true,
        text: "Whether a replica takes over, where there is one",
      },
    },
    start: startMaintenanceNotice,
  },
  "ip-only-cluster": {
    text: "The nodes of a cluster announce addresses instead of names.",
    topologies: ["cluster"],
    options: {},
    start: startIpOnlyCluster,
  },
  failover: {
    text: "A replica becomes the primary, now or every so often.",
    topologies: ["replicated"],
    options: { every: time("Time between two, 0 for once", 0, 0) },
    start: startFailover,
  },
  "certificate-rotation": {
    text: "The service shows a new certificate, now or every so often; no connection is dropped.",
    topologies: ["single", "replicated", "cluster"],
    options: { every: time("Time between two, 0 for once", 0, 0) },
    start: startCertificateRotation,
  },
};

/** A simulation as people are told of it. */
export interface SimulationDescription {
  readonly kind: SimulationKind;
  /** What it does to clients, one sentence. */
  readonly text: string;
  /** Its options, with their defaults as they would be written. */
  readonly options: readonly { readonly name: string; readonly default: string; readonly text: string }[];
}

/** Every simulation with its options, for help and guides. */
export function describeSimulations(): SimulationDescription[] {
  return Object.entries(simulationTable).map(([kind, { text, options }]) => ({
    kind: kind as SimulationKind,
    text,
    options: Object.entries(options).map(([name, row]) => ({
      name,
      default: row.type === "time" ? timeText(row.default) : String(row.default),
      text: row.text,
    })),
  }));
}

/** In the largest unit in which it is a whole number. */
function timeText(ms: number): string {
  const [unit = "ms", size = 1] =
    Object.entries(units).findLast(([, one]) => ms >= one && ms % one === 0) ?? [];
  return ms === 0 ? "0" : `${ms / size}${unit}`;
}

/** The row of a kind. @throws RedoubtError `CONFIG_UNKNOWN_KEY` with the nearest name and all names */
export function simulationNamed(kind: string): SimulationRow {
  const names = Object.keys(simulationTable);
  if (Object.hasOwn(simulationTable, kind)) return simulationTable[kind as SimulationKind];
  throw new RedoubtError("CONFIG_UNKNOWN_KEY", `There is no simulation ${JSON.stringify(kind)}`, {
    hint: `${meant(kind, names)}There are ${names.join(", ")}.`,
  });
}

/**
 * Options with defaults filled in.
 * @throws RedoubtError `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID_VALUE` naming the key and what it takes
 */
export function checkedOptions(kind: string, given: SimulationOptions): CheckedOptions {
  const { options } = simulationNamed(kind);
  const names = Object.keys(options);
  for (const name of Object.keys(given))
    if (!Object.hasOwn(options, name))
      throw new RedoubtError("CONFIG_UNKNOWN_KEY", `${kind} has no option ${JSON.stringify(name)}`, {
        hint: names.length === 0 ? "It takes none." : `${meant(name, names)}It takes ${names.join(", ")}.`,
      });
  const checked = Object.entries(options).map(([name, row]) => {
    const value = given[name];
    return [name, value === undefined ? row.default : readValue(`${kind}: ${name}`, row, value)] as const;
  });
  return Object.fromEntries(checked);
}

const meant = (name: string, names: readonly string[]): string => {
  const near = nearestName(name, names);
  return near === null || near === undefined ? "" : `Did you mean ${near}? `;
};

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: day };

function readValue(key: string, row: SimulationOptionRow, value: string | number | boolean) {
  const wrong = (what: string): RedoubtError =>
    new RedoubtError("CONFIG_INVALID_VALUE", `${key} is ${JSON.stringify(value)}, and ${what}`);
  switch (row.type) {
    case "time": {
      const [, digits, unit = "ms"] = /^(\d{1,12})(ms|s|m|h|d)?$/.exec(String(value)) ?? [];
      const ms = digits === undefined ? Number.NaN : Number(digits) * (units[unit] as number);
      if (Number.isNaN(ms)) throw wrong("takes milliseconds, or a time with its unit: 500ms, 90s, 10m, 1h");
      if (ms < row.least || ms > row.most) throw wrong(`must be from ${row.least} to ${row.most} ms`);
      return ms;
    }
    case "boolean":
      if (value === true || value === "true" || value === "yes" || value === "on") return true;
      if (value === false || value === "false" || value === "no" || value === "off") return false;
      throw wrong("takes true or false");
    default:
      if (typeof value === "string" && row.pattern.test(value)) return value;
      throw wrong(`must fit ${row.pattern.source}`);
  }
}
