import type { Cache } from "../model/cache.ts";
import type { PortRange } from "../model/port.ts";
import type { Direction, Protocol } from "../model/rule.ts";
import type { Space } from "./space.ts";
import type { Step, Verdict } from "./verdict.ts";

/** What is at the other end of a flow. */
export type Remote =
  | "internet"
  | "service"
  | "nodes"
  | "client"
  | "geo-peer"
  | "load balancer"
  | "platform dns"
  | "custom dns";

/** Something that must get through: a port range of a row, one protocol, one remote. */
export interface Flow {
  /** `out-02 AzureMonitor tcp/443`: unique in a cache. */
  readonly id: string;
  readonly cache: Cache;
  /** The row of the port tables; `private-endpoint` for clients of one. */
  readonly row: string;
  readonly direction: Direction;
  readonly protocol: Protocol;
  readonly ports: PortRange;
  readonly purpose: string;
  readonly remote: Remote;
  /** The other end for people. */
  readonly remoteName: string;
  readonly remoteSpace: Space;
  /** The subnet at the other end, `null` for none or one that is not known. */
  readonly remoteSubnetId: string | null;
  /** Whether the user said that this subnet has clients, or it was taken for one because it is there. Of clients alone. */
  readonly guessed: boolean;
  /** Whether the cache works without: the port without TLS, ports of a cluster that nobody asks, DNS servers that new caches ignore. */
  readonly optional: boolean;
}

/** A flow, and what becomes of it on its way. */
export interface FlowVerdict {
  readonly flow: Flow;
  readonly verdict: Verdict;
  /** Whether only some of it is denied. */
  readonly partly: boolean;
  /** In the order of the way. */
  readonly steps: readonly Step[];
}
