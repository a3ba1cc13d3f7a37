import type { Drill } from "./drill.ts";
import { certificate } from "./drills/certificate.ts";
import { clusterFailover } from "./drills/cluster-failover.ts";
import { cutReply } from "./drills/cut-reply.ts";
import { sentinelFailover } from "./drills/sentinel-failover.ts";
import { slotMigration } from "./drills/slot-migration.ts";
import { stalledSocket } from "./drills/stalled-socket.ts";
import { tokenExpiry } from "./drills/token-expiry.ts";

/** All drills, in the order in which they are run. */
export const programme: readonly Drill[] = [
  sentinelFailover,
  clusterFailover,
  slotMigration,
  stalledSocket,
  cutReply,
  certificate,
  tokenExpiry,
];
