import { role } from "../commands/server-replication.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import type { Dialled } from "../net/dial.ts";
import { exchange } from "../net/exchange.ts";

/** What a data server is. */
export type Role = "master" | "replica";

/**
 * Holds a new connection to the role that it is for; closes it when the server has another one. RESP3 told the role at
 * login; RESP2 costs one round trip. A server that does not say (an ACL without ROLE) is believed.
 * @param named who says that the server has this role, for the error
 * @throws RedoubtError `TOPOLOGY_WRONG_ROLE`
 */
export async function requireRole(
  dialled: Dialled,
  wanted: Role,
  named: string,
  signal: AbortSignal,
): Promise<Dialled> {
  const { address, server } = dialled.report;
  let found: string | null = server.role;
  if (found === null) {
    try {
      found = await askRole(dialled, signal);
    } catch (error) {
      dialled.close();
      const message = `${address} did not say whether it is a ${wanted}`;
      throw new RedoubtError("CLOSED_CONNECTION", message, { address, cause: error });
    }
  }
  if (found === null || found === wanted || (found === "slave" && wanted === "replica")) return dialled;
  dialled.close();
  throw new RedoubtError("TOPOLOGY_WRONG_ROLE", `${address} is a ${plain(found)}, and ${named}`, { address });
}

async function askRole({ wire }: Dialled, signal: AbortSignal): Promise<string | null> {
  const [reply] = await exchange(wire, [role()], signal);
  return reply instanceof ReplyError || !Array.isArray(reply) ? null : String(reply[0]);
}

const plain = (role: string): string => (role === "slave" ? "replica" : role);
