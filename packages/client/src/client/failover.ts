import type { Command } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";
import type { Setback } from "../net/connection.ts";
import type { Link } from "./link.ts";

/** How often one command is given to another master before its caller learns that it was refused. */
const attempts = 16;
/** For how long the connection to a former master may still answer what it was asked, ms. */
const grace = 1000;

/**
 * What is done when a server refuses writes because it is a replica now: the link dials again, which leads to the new
 * master, and the command waits for it. It was refused, so it cannot be carried out twice.
 * @param link the link that the command was sent on
 */
export function afterFailover(link: () => Link): (setback: Setback) => Promise<unknown> | null {
  const tried = new WeakMap<Command<unknown>, number>();
  return ({ command, mode, timeout, error }) => {
    if (!isReadOnly(error)) return null;
    const { address } = error;
    const because = new RedoubtError(
      "REPLY_READ_ONLY",
      "The server is a replica now: looking for the master",
      {
        ...(address !== undefined && { address }),
      },
    );
    link().renew(because, grace);
    const before = tried.get(command) ?? 0;
    // A transaction was given up as a whole, and what it watched is gone with the connection.
    if (error.code !== "REPLY_READ_ONLY" || before >= attempts) return null;
    tried.set(command, before + 1);
    return link().execute(command, { mode, timeout, signal: undefined });
  };
}

function isReadOnly({ code, cause }: RedoubtError): boolean {
  return code === "REPLY_READ_ONLY" || (cause instanceof RedoubtError && cause.code === "REPLY_READ_ONLY");
}
