import type { Case } from "./case.ts";

const node = "0123456789012345678901234567890123456789";

export const clusterCases: readonly Case[] = [
  ["clusterCountFailureReports", node],
  ["clusterCountKeysInSlot", 5],
  ["clusterGetKeysInSlot", 5, 10],
  ["clusterInfo"],
  ["clusterKeySlot", "foo"],
  ["clusterLinks"],
  ["clusterMyId"],
  ["clusterMyShardId"],
  ["clusterNodes"],
  ["clusterReplicas", node],
  ["clusterSlots"],
  ["clusterDelSlots", 1],
  ["clusterDelSlots", [2, 3]],
  ["clusterDelSlotsRange", { start: 4, end: 5 }],
  ["clusterAddSlots", 1],
  ["clusterAddSlots", [2, 3]],
  [
    "clusterAddSlotsRange",
    [
      { start: 4, end: 4 },
      { start: 5, end: 5 },
    ],
  ],
  ["clusterBumpEpoch"],
  ["clusterFailover"],
  ["clusterFailover", { mode: "TAKEOVER" }],
  ["clusterForget", node],
  ["clusterMeet", "no-address", 7000],
  ["clusterReplicate", node],
  ["clusterSaveConfig"],
  ["clusterSetConfigEpoch", 3],
  ["clusterSetSlot", 9, "STABLE"],
  ["clusterSetSlot", 9, "MIGRATING", node],
  ["clusterFlushSlots"],
  ["clusterReset"],
  ["clusterReset", { mode: "SOFT" }],
];
