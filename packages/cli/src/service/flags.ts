import { RedoubtError } from "@redoubt/client";
import type { Maintenance, Route, Service, UserConfig } from "@redoubt/services";
import type { Command } from "commander";
import { duration } from "../duration.ts";
import { oneOf } from "../usage.ts";

/** Reads an option that may be given several times. */
export function repeated(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** What `create` and `update` both take. */
export interface ServiceFlags {
  readonly plan?: string;
  readonly c: readonly string[];
  readonly route?: Route;
  readonly idleLimit?: number | "follow";
  readonly commands?: "managed" | "all";
  readonly scripts?: "on" | "off";
  readonly maintenanceDow?: Maintenance["dayOfWeek"];
  readonly maintenanceTime?: string;
  readonly enableTerminationProtection?: true;
  readonly timeout?: number;
  readonly json?: true;
}

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "never"] as const;

/** Adds what `create` and `update` both take. */
export function addServiceFlags(command: Command): Command {
  const idle = duration("--idle-limit");
  return command
    .option("-p, --plan <plan>", "the size; see redoubt service plans")
    .option("-c <key=value>", "set an option, as often as wanted; see redoubt service types -v", repeated, [])
    .option(
      "--route <route>",
      "how clients come in: terminator, direct (the server's own TLS port)",
      oneOf("--route", ["terminator", "direct"]),
    )
    .option(
      "--idle-limit <time>",
      "after which silence the terminator hangs up: 12h, or follow (redis_timeout)",
      (text) => (text === "follow" ? "follow" : idle(text)),
    )
    .option(
      "--commands <which>",
      "managed: as managed services allow; all: everything",
      oneOf("--commands", ["managed", "all"]),
    )
    .option("--scripts <on|off>", "whether Lua and functions may be run", oneOf("--scripts", ["on", "off"]))
    .option("--maintenance-dow <day>", "monday to sunday, or never", oneOf("--maintenance-dow", days))
    .option("--maintenance-time <HH:MM:SS>", "UTC", clock)
    .option("--enable-termination-protection", "refuse to terminate it")
    .option("--timeout <time>", "how long it may take: 90s", duration("--timeout"))
    .option("--json", "print one JSON document");
}

function clock(text: string): string {
  if (/^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text)) return text;
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    "--maintenance-time takes HH:MM:SS, from 00:00:00 to 23:59:59.",
  );
}

/** The flags that mean the same for `create` and `update`, as options of the face. */
export function serviceOptions(flags: ServiceFlags, before?: Service) {
  const { route, idleLimit, commands, scripts, maintenanceDow, maintenanceTime } = flags;
  const maintenance = before?.maintenance ?? { dayOfWeek: "sunday" as const, time: "03:00:00" };
  return {
    ...(flags.plan !== undefined && { plan: flags.plan }),
    ...(route !== undefined && { route }),
    ...(idleLimit !== undefined && { idle: idleLimit }),
    ...((commands !== undefined || scripts !== undefined) && {
      policy: {
        ...(commands !== undefined && { commands }),
        ...(scripts !== undefined && { scripts: scripts === "on" }),
      },
    }),
    ...((maintenanceDow !== undefined || maintenanceTime !== undefined) && {
      maintenance: {
        dayOfWeek: maintenanceDow ?? maintenance.dayOfWeek,
        time: maintenanceTime ?? maintenance.time,
      },
    }),
  };
}

/** Sets apart what is set and what goes back to its default. */
export function apart(changes: UserConfig): {
  readonly userConfig: UserConfig;
  readonly removeOptions: readonly string[];
} {
  const entries = Object.entries(changes);
  return {
    userConfig: Object.fromEntries(entries.filter(([, value]) => value !== null)),
    removeOptions: entries.filter(([, value]) => value === null).map(([name]) => name),
  };
}

/**
 * Reads `KEY=VALUE` of tags.
 *
 * @throws RedoubtError CONFIG_SYNTAX for one without `=` or without a key
 */
export function readTags(flag: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      if (at < 1)
        throw new RedoubtError("CONFIG_SYNTAX", `${flag} takes KEY=VALUE.`, {
          hint: `For example: ${flag} team=checkout`,
        });
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** Reads a count, from 1 to 100,000. */
export function count(flag: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,4}$/.test(text) || text === "100000") return Number(text);
    throw new RedoubtError("CONFIG_INVALID_VALUE", `${flag} takes a whole number from 1 to 100000.`);
  };
}
