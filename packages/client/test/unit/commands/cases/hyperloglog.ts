import type { Case } from "./case.ts";

export const hyperloglogCases: readonly Case[] = [
  ["pfAdd", "p1", "x"],
  ["pfAdd", "p1", ["a", "b"]],
  ["pfAdd", "none"],
  ["pfCount", "p1"],
  ["pfCount", ["p1", "p2", "none"]],
  ["pfMerge", "none", ["p1", "p2"]],
  ["pfMerge", "p1", "p2"],
  ["pfMerge", "none"],
];
