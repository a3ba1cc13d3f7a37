import { RedoubtError } from "@redoubt/client";
import { certificateFiles } from "../identity/certificates.ts";
import { clientsAtNode, persistenceDirectives, plainPortOf, tlsPortOf } from "../nodes/configuration.ts";
import type { Node } from "../nodes/node.ts";
import { failOver, settleReplication } from "../nodes/replication.ts";
import type { UserRecord } from "../state/record.ts";
import { userRules } from "../users/rules.ts";
import type { Fleet } from "./fleet.ts";
import type { Ground } from "./ground.ts";

/** A setting of a running server. */
type Setting = readonly [name: string, value: string];

/** What the nodes of a service must be told to become as the record says. */
export interface Changes {
  /** What they are told while they run. */
  readonly live: readonly Setting[];
  /** Why they must be started again; empty when they need not. */
  readonly restart: readonly string[];
}

/** What differs between two grounds, for nodes that hold data. */
export function changesBetween(before: Ground, after: Ground): Changes {
  const old = new Map(before.settings.directives.map(([name, ...args]) => [name, args.join(" ")]));
  const live: Setting[] = [];
  const restart: string[] = [];
  for (const [name, ...args] of after.settings.directives) {
    const value = args.join(" ");
    if (old.get(name) !== value)
      if (after.settings.restarting.includes(name)) restart.push(name);
      else live.push([name, value]);
    old.delete(name);
  }
  // What was set and is not any more: the server's own default comes back with a start.
  restart.push(...old.keys());
  if (before.settings.persistence !== after.settings.persistence)
    live.push(
      ...persistenceDirectives(after.settings).map(([name, ...args]): Setting => [name, args.join(" ")]),
    );
  return { live, restart };
}

/** Tells one node its ports and whom it lets in, where that differs from before. */
export async function openPorts(node: Node, before: Ground, after: Ground): Promise<void> {
  const [was, is] = [before, after].map(
    (ground): Record<string, string> => ({
      "tls-auth-clients": clientsAtNode(ground) || ground.topology === "cluster" ? "no" : "yes",
      port: String(plainPortOf(ground, node.record)),
      "tls-port": String(tlsPortOf(ground, node.record)),
    }),
  ) as [Record<string, string>, Record<string, string>];
  for (const [name, value] of Object.entries(is))
    if (was[name] !== value) await node.command("CONFIG", "SET", name, value);
}

/**
 * Tells the nodes what can be told while they run. @throws RedoubtError `SERVICE_FAILED` with the server's words
 */
export async function tell(fleet: Fleet, settings: readonly Setting[]): Promise<void> {
  for (const node of fleet.nodes) {
    using control = await node.control();
    for (const [name, value] of settings)
      try {
        await control.call("CONFIG", "SET", name, value);
      } catch (error) {
        throw new RedoubtError("SERVICE_FAILED", `${node.name} refuses ${name}: ${(error as Error).message}`);
      }
  }
}

/** Makes the users of running nodes those of the record. Connections of users that stay are not touched. */
export async function changeUsers(fleet: Fleet, before: Ground, after: Ground): Promise<void> {
  const key = (user: UserRecord, ground: Ground): string => userRules(user, ground.rules).join(" ");
  const old = new Map(before.record.users.map((user) => [user.username, key(user, before)]));
  const changed = after.record.users.filter((user) => old.get(user.username) !== key(user, after));
  const names = new Set(after.record.users.map(({ username }) => username));
  const gone = [...old.keys()].filter((name) => !names.has(name));
  if (changed.length === 0 && gone.length === 0) return;
  for (const node of fleet.nodes) {
    using control = await node.control();
    for (const user of changed) await setUser(node, control, user, after);
    if (gone.length > 0) await control.call("ACL", "DELUSER", ...gone);
  }
}

async function setUser(
  node: Node,
  control: Awaited<ReturnType<Node["control"]>>,
  user: UserRecord,
  ground: Ground,
): Promise<void> {
  try {
    await control.call("ACL", "SETUSER", user.username, ...userRules(user, ground.rules));
  } catch (error) {
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `${node.name} refuses the rules: ${(error as Error).message}`,
      {
        hint: "The categories are those of ACL CAT; commands are named as in its lists, subcommands as config|get.",
      },
    );
  }
}

/** Makes the servers show the certificate of the record. Connections that are open stay. */
export async function changeCertificate(fleet: Fleet, { record, places }: Ground): Promise<void> {
  const { certFile, keyFile } = certificateFiles(places, record.certificate);
  for (const node of fleet.nodes)
    await node.command("CONFIG", "SET", "tls-cert-file", certFile, "tls-key-file", keyFile);
  // A Sentinel cannot be told; without one of three the others still decide.
  for (const sentinel of fleet.sentinels) {
    await sentinel.stop();
    await sentinel.start();
  }
}

/** Cuts off everybody who is not one of the servers: what they came by is not there any more. */
export async function cutClients(fleet: Fleet, { record }: Ground): Promise<void> {
  for (const node of fleet.nodes) {
    using control = await node.control();
    for (const { username } of record.users)
      await control.call("CLIENT", "KILL", "USER", username, "SKIPME", "yes");
  }
}

/** Starts the servers again, one after the other, the one that takes writes last and after it has handed over. */
export async function restartNodes(fleet: Fleet, progress: (sentence: string) => void): Promise<void> {
  const replicated = fleet.sentinels.length > 0;
  const again = async (node: Node): Promise<void> => {
    progress(`${node.name} is started again.`);
    await node.stop();
    await node.start();
    if (replicated) await settleReplication(fleet);
  };
  const { primary } = fleet;
  for (const node of fleet.nodes) if (node !== primary || !replicated) await again(node);
  if (!replicated || primary === null) return;
  await failOver(fleet, progress);
  await again(primary);
}
