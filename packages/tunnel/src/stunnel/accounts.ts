import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The number of a user, by name or number; null where the system knows none. */
export function userId(name: string): number | null {
  return accountId(name, "passwd");
}

/** The number of a group, by name or number; null where the system knows none. */
export function groupId(name: string): number | null {
  return accountId(name, "group");
}

function accountId(name: string, database: "passwd" | "group"): number | null {
  if (/^\d+$/.test(name)) return Number(name);
  if (!/^[\w.@-]+$/.test(name) || name.startsWith("-")) return null;
  return idIn(readFileSync(`/etc/${database}`, "utf8"), name) ?? asked(name, database);
}

/** Accounts of a directory service are in no file. */
function asked(name: string, database: string): number | null {
  const { status, stdout } = spawnSync("getent", [database, name], { encoding: "utf8", timeout: 5000 });
  return status === 0 ? idIn(stdout, name) : null;
}

function idIn(lines: string, name: string): number | null {
  for (const line of lines.split("\n")) {
    const [first, , id] = line.split(":");
    if (first === name && id !== undefined) return Number(id);
  }
  return null;
}
