import { RedoubtError } from "@redoubt/client";
import { fieldsOf } from "../nodes/replies.ts";
import type { Fleet } from "./fleet.ts";
import type { Ground } from "./ground.ts";

/**
 * Refuses fewer databases while those that would go hold keys: the server would not start again with them.
 *
 * @throws RedoubtError `SERVICE_UNFIT` that names them
 */
export async function keepDatabases(fleet: Fleet, before: Ground, after: Ground): Promise<void> {
  const [had, has] = [databasesOf(before), databasesOf(after)];
  if (has >= had) return;
  for (const node of fleet.nodes) {
    const names = Object.keys(fieldsOf(await node.command("INFO", "keyspace")));
    const lost = names.filter((name) => Number(/^db(\d+)$/.exec(name)?.[1] ?? -1) >= has);
    if (lost.length > 0)
      throw new RedoubtError("SERVICE_UNFIT", `There are keys in ${lost.join(", ")}, which would be gone.`, {
        hint: `Move or delete them first; with ${has} databases the last one is db${has - 1}.`,
      });
  }
}

function databasesOf({ settings }: Ground): number {
  const [, count] = settings.directives.find(([name]) => name === "databases") ?? [];
  return Number(count ?? 16);
}
