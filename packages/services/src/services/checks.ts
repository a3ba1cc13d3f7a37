import { RedoubtError } from "@redoubt/client";
import type { Plan } from "../catalog/plans.ts";
import type { IdleRule, Maintenance, Route } from "../contract/service.ts";
import type { Settings } from "../contract/settings.ts";

/** The longest idle limit, ms: what a timer holds. */
const longestIdle = 2_147_483_647;
const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "never"];

const refuse = (what: string, hint: string): never => {
  throw new RedoubtError("CONFIG_INVALID_VALUE", what, { hint });
};

/** @throws RedoubtError `CONFIG_INVALID_VALUE` */
export function checkIdle(idle: IdleRule): IdleRule {
  if (idle === "follow" || (Number.isSafeInteger(idle) && idle >= 0 && idle <= longestIdle)) return idle;
  return refuse(
    `idle: ${JSON.stringify(idle)} is no idle limit`,
    "Give milliseconds (0 for no limit), or follow for what redis_timeout says.",
  );
}

/** @throws RedoubtError `CONFIG_INVALID_VALUE`, `SERVICE_UNFIT` */
export function checkRoute(route: Route, { topology, name }: Plan): void {
  if (route !== "terminator" && route !== "direct")
    refuse(`route: ${JSON.stringify(route)} is no route`, "Routes are terminator and direct.");
  if (topology === "cluster" && route === "terminator")
    throw new RedoubtError(
      "SERVICE_UNFIT",
      `Clients of ${name} dial every node: no terminator stands before a cluster`,
      {
        hint: "Use the route direct.",
      },
    );
}

/** Only doors look at addresses; servers that are dialled themselves do not. @throws RedoubtError `SERVICE_UNFIT` */
export function checkFilter(route: Route, { allowedNetworks }: Settings): void {
  if (route === "terminator" || allowedNetworks === null) return;
  throw new RedoubtError(
    "SERVICE_UNFIT",
    "ip_filter is for the route terminator: a server does not look at addresses.",
    {
      hint: "Use --route terminator, or let everybody in: --remove-option ip_filter.",
    },
  );
}

/** @throws RedoubtError `CONFIG_INVALID_VALUE` */
export function checkMaintenance(maintenance: Maintenance): Maintenance {
  const { dayOfWeek, time } = maintenance;
  if (!days.includes(dayOfWeek))
    refuse(`maintenance.dayOfWeek: ${JSON.stringify(dayOfWeek)} is no day`, `Days are ${days.join(", ")}.`);
  if (!/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time))
    refuse(
      `maintenance.time: ${JSON.stringify(time)} is no time`,
      "Write HH:MM:SS (UTC), 03:30:00 for example.",
    );
  return { dayOfWeek, time };
}

/** @throws RedoubtError `CONFIG_INVALID_VALUE` with the key */
export function checkTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [key, value] of Object.entries(tags)) {
    if (!/^[A-Za-z][\w-]{0,63}$/.test(key))
      refuse(
        `tag ${JSON.stringify(key.slice(0, 80))}: the key cannot be used`,
        "A key is a letter, then up to 63 letters, digits, underscores and hyphens.",
      );
    if (typeof value !== "string" || value.length > 64 || /\p{Cc}/u.test(value))
      refuse(
        `tag ${key}: the value cannot be used`,
        "A value is a text of at most 64 characters in one line.",
      );
  }
  return tags;
}

/** @throws RedoubtError `CONFIG_INVALID_VALUE` without repeating it */
export function checkPassword(password: string): string {
  if (/^[^\s\0]{8,256}$/.test(password)) return password;
  return refuse("The password cannot be used", "A password has 8 to 256 characters, without blanks.");
}
