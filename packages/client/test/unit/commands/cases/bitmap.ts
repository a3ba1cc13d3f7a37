import type { Case } from "./case.ts";

export const bitmapCases: readonly Case[] = [
  ["bitCount", "s1"],
  ["bitCount", "s1", { start: 1, end: -2 }],
  ["bitCount", "s1", { start: 0, end: 9, mode: "BIT" }],
  ["bitCount", "none"],
  ["bitField", "s1", [{ operation: "GET", encoding: "u8", offset: 0 }]],
  [
    "bitField",
    "s1",
    [
      { operation: "SET", encoding: "i5", offset: "#1", value: -3 },
      { operation: "OVERFLOW", behavior: "FAIL" },
      { operation: "INCRBY", encoding: "u2", offset: 100, increment: 9 },
    ],
  ],
  [
    "bitFieldRo",
    "s1",
    [
      { encoding: "u4", offset: 4 },
      { encoding: "i16", offset: "#1" },
    ],
  ],
  ["bitOp", "AND", "none", ["s1", "s2"]],
  ["bitOp", "NOT", "none", "s1"],
  ["bitOp", "DIFF", "none", ["s1", "s2"]],
  ["bitPos", "s1", 1],
  ["bitPos", "s1", 0, 1],
  ["bitPos", "s1", 1, 1, -1],
  ["bitPos", "s1", 1, 7, 15, "BIT"],
  ["getBit", "s1", 1],
  ["getBit", "none", 7],
  ["setBit", "s1", 7, 0],
  ["setBit", "none", 7, 1],
];
