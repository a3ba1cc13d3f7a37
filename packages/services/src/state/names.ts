import { RedoubtError } from "@redoubt/client";
import { nearestName } from "@redoubt/client/config";

/** As the original has it: `^[a-z][-a-z0-9]{0,63}$`. */
const serviceName = /^[a-z][-a-z0-9]{0,63}$/;
/** What the servers' ACL takes, and what can stand in a URI without surprises. */
const userName = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/;

/** @throws RedoubtError `CONFIG_INVALID_VALUE` with the position of the first wrong character */
export function checkServiceName(name: string): string {
  if (serviceName.test(name)) return name;
  throw refused(
    "name of a service",
    name,
    /[^-a-z0-9]/,
    "a small letter, then up to 63 small letters, digits and hyphens",
  );
}

/** @throws RedoubtError `CONFIG_INVALID_VALUE` with the position of the first wrong character */
export function checkUserName(name: string): string {
  if (userName.test(name)) return name;
  throw refused(
    "name of a user",
    name,
    /[^A-Za-z0-9_.@-]/,
    "a letter, digit or underscore, then up to 63 of these and . @ -",
  );
}

/** ` Did you mean …?`, or nothing. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const near = nearestName(name, names);
  return near === null ? "" : ` Did you mean ${near}?`;
}

function refused(what: string, name: string, wrong: RegExp, allowed: string): RedoubtError {
  const at = Math.max(0, name.search(wrong));
  return new RedoubtError(
    "CONFIG_INVALID_VALUE",
    `The ${what} ${JSON.stringify(name.slice(0, 80))} cannot be used (position ${at})`,
    { position: at, hint: `Allowed: ${allowed}.` },
  );
}
