import { type Command, command, type RedisArgument, spec } from "./command.ts";

const FAILOVER = spec("FAILOVER", { keys: null });
const REPLICAOF = spec("REPLICAOF", { keys: null });
const ROLE = spec("ROLE", { keys: null });

/** Options of {@link failover}. */
export interface FailoverOptions {
  /** The replica to promote; `FORCE` also when it has not caught up within `TIMEOUT`. */
  readonly TO?:
    | { readonly host: string; readonly port: number; readonly FORCE?: boolean | undefined }
    | undefined;
  /** Take back a failover in progress. */
  readonly ABORT?: boolean | undefined;
  /** Milliseconds to wait for the replica to catch up. */
  readonly TIMEOUT?: number | undefined;
}

/** What {@link role} says. `replicationOffest` is node-redis's spelling, kept for programs that read it. */
export type RoleReply =
  | {
      readonly role: "master";
      readonly replicationOffest: number;
      readonly replicas: {
        readonly host: string;
        readonly port: number;
        readonly replicationOffest: number;
      }[];
    }
  | {
      readonly role: "slave";
      readonly master: { readonly host: string; readonly port: number };
      /** `connected`, or how far it is: `connect`, `connecting`, `handshake`, `sync`, `none`. */
      readonly state: string;
      readonly dataReceived: number;
    }
  | { readonly role: "sentinel"; readonly masterNames: string[] };

type RawRole =
  | ["master", offset: number, replicas: [host: string, port: string, offset: string][]]
  | ["slave", host: string, port: number, state: string, received: number]
  | ["sentinel", names: string[]];

/** Promotes a replica in place of this primary. */
export function failover(options: FailoverOptions = {}): Command<"OK"> {
  const args: RedisArgument[] = [];
  if (options.TO !== undefined) args.push("TO", options.TO.host, options.TO.port);
  if (options.TO?.FORCE) args.push("FORCE");
  if (options.ABORT) args.push("ABORT");
  if (options.TIMEOUT !== undefined) args.push("TIMEOUT", options.TIMEOUT);
  return command(FAILOVER, args);
}

/** Makes the server a replica of another; `replicaOf("NO", "ONE")` makes it a primary. */
export function replicaOf(host: RedisArgument, port: number | "ONE"): Command<string> {
  return command(REPLICAOF, [host, port]);
}

/** Whether this is a primary, a replica or a Sentinel, and what it is connected to. */
export function role(): Command<RoleReply> {
  return command(ROLE, [], (reply: RawRole): RoleReply => {
    // Told apart by length, because with Buffers asked for the name is one.
    if (reply.length === 2) return { role: "sentinel", masterNames: reply[1] };
    if (reply.length === 5) {
      const [, host, port, state, dataReceived] = reply;
      return { role: "slave", master: { host, port }, state, dataReceived };
    }
    const replicas = reply[2].map(([host, port, offset]) => ({
      host,
      port: Number(port),
      replicationOffest: Number(offset),
    }));
    return { role: "master", replicationOffest: reply[1], replicas };
  });
}
