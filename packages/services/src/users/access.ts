import { RedoubtError } from "@redoubt/client";
import type { AccessControl } from "../contract/user.ts";

const lists = {
  categories: { form: /^[+-]?@[a-z]+$/i, example: "+@read, -@dangerous" },
  commands: { form: /^[+-]?[a-z][\w-]*(\|[\w-]+)?$/i, example: "+get, -flushall, +config|get" },
  keys: { form: /^[^\s\0]+$/, example: "session:*" },
  channels: { form: /^[^\s\0]+$/, example: "news:*" },
} as const;

/** The names of the four lists. */
export const accessLists = Object.keys(lists) as (keyof AccessControl)[];

/**
 * Holds the four lists to the form that they must have; whether categories and commands exist the server says.
 * @throws RedoubtError `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID_VALUE` naming list and place
 */
export function checkAccess(access: AccessControl): AccessControl {
  for (const key of Object.keys(access))
    if (!accessLists.includes(key as keyof AccessControl))
      throw new RedoubtError(
        "CONFIG_UNKNOWN_KEY",
        `There is no list ${JSON.stringify(key)} of access rules`,
        {
          hint: `The lists are ${accessLists.join(", ")}.`,
        },
      );
  for (const list of accessLists)
    for (const [index, rule] of (access[list] ?? []).entries())
      if (!lists[list].form.test(rule))
        throw new RedoubtError(
          "CONFIG_INVALID_VALUE",
          `${list}[${index}]: ${JSON.stringify(rule.slice(0, 80))} is not a rule`,
          { hint: `Rules of ${list} look like this: ${lists[list].example}.` },
        );
  return access;
}
