import type { ControlConnection } from "../control/connection.ts";
import type { Directive } from "../server/config.ts";
import { madeUpPassword } from "../server/options.ts";
import type { RedisServer } from "../server/server.ts";
import { launch, type Role } from "../server/start.ts";
import { orStop, startAll, stopAll } from "./fleet.ts";
import { difference, until } from "./readiness.ts";
import { type ReplicaSet, type ReplicasOptions, readyTimeout, share, startReplicas } from "./replicas.ts";

/** Options of `startSentinels`. */
export interface SentinelsOptions extends ReplicasOptions {
  /** Number of Sentinels. Default 3. */
  readonly sentinels?: number;
  /** Name of the primary. Default `mymaster`. */
  readonly masterName?: string;
  /** How many Sentinels must agree that the primary is gone. Default: the majority. */
  readonly quorum?: number;
  /** Milliseconds of silence after which a server counts as gone. Default 1 000. */
  readonly downAfter?: number;
  /** Password of the Sentinels themselves; `false` for none. Default: made up. */
  readonly sentinelPassword?: string | false;
}

/** A primary with replicas, watched by Sentinels. */
export interface SentinelSet extends ReplicaSet {
  readonly sentinels: readonly RedisServer[];
  readonly masterName: string;
  /** The server that the Sentinels call primary now; after a failover it is another one than `primary`. */
  currentPrimary(): Promise<RedisServer>;
}

/**
 * Starts a primary, replicas and Sentinels, and resolves when every Sentinel knows the primary, all replicas and all other
 * Sentinels, and has its quorum. The Sentinels, too, speak TLS with each other and with the servers.
 */
export async function startSentinels(options: SentinelsOptions = {}): Promise<SentinelSet> {
  const {
    sentinels: count = 3,
    masterName = "mymaster",
    sentinelPassword,
    quorum,
    downAfter,
    ...given
  } = options;
  const shared = await share(given);
  const set = await startReplicas(shared);
  const { primary, replicas } = set;
  // Sentinels have a password and an ACL of their own, and lines meant for the data would be wrong there.
  const forSentinels = { ...shared, password: sentinelPassword ?? madeUpPassword(), users: {}, config: [] };
  const role = watching(primary, {
    masterName,
    quorum: quorum ?? Math.floor(count / 2) + 1,
    downAfter: downAfter ?? 1_000,
    password: forSentinels.password,
  });
  const sentinels = await orStop([primary, ...replicas], () =>
    startAll(Array.from({ length: count }, () => launch(forSentinels, role))),
  );
  const all = [...sentinels, ...replicas, primary];
  const timeout = options.startTimeout ?? readyTimeout;
  const expected = {
    flags: "master",
    "num-slaves": String(replicas.length),
    "num-other-sentinels": String(count - 1),
  };
  await orStop(all, () =>
    Promise.all(sentinels.map((sentinel) => knowsAll(sentinel, masterName, expected, timeout))),
  );
  const stop = () => stopAll(all);
  return {
    ...set,
    sentinels,
    masterName,
    uri: primary.uriFor({
      endpoints: sentinels,
      parameters: { sentinel: masterName, sentinelpassword: forSentinels.password || undefined },
    }),
    currentPrimary: () => currentPrimary(sentinels, masterName, [primary, ...replicas]),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface Watch {
  readonly masterName: string;
  readonly quorum: number;
  readonly downAfter: number;
  readonly password: string | false;
}

function watching(primary: RedisServer, { masterName, quorum, downAfter, password }: Watch): Role {
  const port = String(primary.tlsPort ?? primary.port);
  const directives: Directive[] = [
    ["sentinel", "monitor", masterName, primary.address, port, String(quorum)],
    ["sentinel", "down-after-milliseconds", masterName, String(downAfter)],
    ["sentinel", "failover-timeout", masterName, String(Math.max(5_000, downAfter * 3))],
  ];
  if (primary.password !== null) directives.push(["sentinel", "auth-pass", masterName, primary.password]);
  if (password !== false) directives.push(["sentinel", "sentinel-pass", password]);
  return { argv: ["--sentinel"], bus: false, directives: () => directives };
}

async function knowsAll(
  sentinel: RedisServer,
  masterName: string,
  expected: Readonly<Record<string, string>>,
  timeout: number,
): Promise<void> {
  // Sentinels find each other by messages every two seconds. Where the server lets us they hurry.
  const hurry = async (period: string): Promise<void> => {
    await sentinel
      .command("SENTINEL", "DEBUG", "PUBLISH-PERIOD", period, "INFO-PERIOD", "200")
      .catch(() => {});
  };
  await hurry("100");
  await until(sentinel, timeout, async (control) => {
    const seen = await ask(control, "SENTINEL", "MASTER", masterName);
    return difference(seen, expected) ?? (await quorumOf(control, masterName));
  });
  // Four periods after a replica was promoted by order, those who have not heard of it make it a replica again. The one
  // who promoted it looks once in a second whether that is done, and only then tells.
  await hurry("1000");
}

async function ask(control: ControlConnection, ...command: string[]): Promise<Record<string, unknown>> {
  const reply = await control.call(...command);
  const flat = Array.isArray(reply) ? reply : [];
  return Object.fromEntries(flat.flatMap((key, at) => (at % 2 === 0 ? [[String(key), flat[at + 1]]] : [])));
}

async function quorumOf(control: ControlConnection, masterName: string): Promise<string | undefined> {
  try {
    await control.call("SENTINEL", "CKQUORUM", masterName);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function currentPrimary(
  sentinels: readonly RedisServer[],
  masterName: string,
  servers: readonly RedisServer[],
): Promise<RedisServer> {
  const running = sentinels.find((sentinel) => sentinel.pid !== undefined);
  if (running === undefined) throw new Error("no Sentinel is running");
  const reply = await running.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", masterName);
  const port = Number(Array.isArray(reply) ? reply[1] : Number.NaN);
  const found = servers.find((server) => (server.tlsPort ?? server.port) === port);
  if (found === undefined)
    throw new Error(`the Sentinels name a primary on port ${port}, which is none of ours`);
  return found;
}
