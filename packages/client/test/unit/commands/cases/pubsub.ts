import type { Case } from "./case.ts";

export const pubsubCases: readonly Case[] = [
  ["publish", "channel", "message"],
  ["pubSubChannels"],
  ["pubSubChannels", "c*"],
  ["pubSubNumPat"],
  ["pubSubNumSub"],
  ["pubSubNumSub", "a"],
  ["pubSubNumSub", ["a", "b"]],
  ["pubSubShardChannels"],
  ["pubSubShardChannels", "c*"],
  ["pubSubShardNumSub"],
  ["pubSubShardNumSub", ["a", "b"]],
  ["sPublish", "channel", "message"],
];
