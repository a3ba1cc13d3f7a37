import { setTimeout as delay } from "node:timers/promises";
import type { CheckedOptions, RunningSimulation, SimulationHost } from "./host.ts";

/** Channel on which Azure Cache for Redis speaks of maintenance; StackExchange.Redis subscribes to it. */
export const maintenanceChannel = "AzureRedisEvents";

/** How long before its beginning a maintenance is said to be starting, ms; earlier it is scheduled. Azure's own figure. */
const startingBefore = 20_000;

/** What is said, in order. */
export type Notification =
  | "NodeMaintenanceScheduled"
  | "NodeMaintenanceStarting"
  | "NodeMaintenanceStart"
  | "NodeMaintenanceFailoverComplete"
  | "NodeMaintenanceEnded";

/** A message as Azure publishes it: names and values in turns, divided by bars. */
export function notificationText(
  type: Notification,
  start: Date,
  { port, isReplica = false }: { readonly port: number; readonly isReplica?: boolean },
): string {
  const fields = {
    NotificationType: type,
    // To the second, without a zone: it is UTC.
    StartTimeInUTC: start.toISOString().slice(0, 19),
    IsReplica: isReplica ? "True" : "False",
    IPAddress: "127.0.0.1",
    SSLPort: String(port),
    NonSSLPort: "0",
  };
  return Object.entries(fields).flat().join("|");
}

/**
 * Announces a maintenance as Azure does, and carries it out: the node that takes writes fails over, where there is a replica.
 *
 * Options: `lead`, ms from the first message to the beginning; `failover`.
 */
export function startMaintenanceNotice(
  host: SimulationHost,
  _folder: string,
  options: CheckedOptions,
): Promise<RunningSimulation> {
  const lead = options["lead"] as number;
  const start = new Date(Date.now() + lead);
  const end = new AbortController();
  const { signal } = end;
  const say = async (type: Notification): Promise<void> => {
    const node = host.context.primary;
    if (node === null) throw new Error("no node takes writes");
    using control = await node.control();
    await control.call("PUBLISH", maintenanceChannel, notificationText(type, start, { port: node.port }));
    host.context.say(`Maintenance notice: ${type}.`);
  };
  const until = async (time: number): Promise<void> => {
    const wait = time - Date.now();
    if (wait > 0) await delay(wait, undefined, { signal });
    signal.throwIfAborted();
  };
  const over = (async () => {
    await say("NodeMaintenanceScheduled");
    // Where all is quicker than at Azure, the middle of it.
    await until(start.getTime() - Math.min(startingBefore, lead / 2));
    await say("NodeMaintenanceStarting");
    await until(start.getTime());
    await say("NodeMaintenanceStart");
    if (options["failover"] === true && host.topology === "replicated") {
      await host.failOver();
      await say("NodeMaintenanceFailoverComplete");
    }
    await say("NodeMaintenanceEnded");
  })().catch((error: Error) => {
    if (!signal.aborted) host.context.say(`The maintenance notice ended early: ${error.message}`);
  });
  return Promise.resolve({
    facts: { channel: maintenanceChannel, start: start.toISOString() },
    over,
    stop: async () => {
      end.abort();
      await over;
    },
  });
}
