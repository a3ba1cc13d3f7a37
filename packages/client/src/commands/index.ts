/**
 * Every command, as one function each: only functions that make a {@link Command} are exported here as values, because the
 * client makes a method of each.
 */
export * from "./generic.ts";
export * from "./generic-expire.ts";
export { type ScanCommonOptions, type ScanOptions, type ScanReply, scan } from "./generic-scan.ts";
export * from "./generic-sort.ts";
export * from "./hash.ts";
export * from "./hash-expire.ts";
export * from "./hash-import.ts";
export * from "./lcs.ts";
export * from "./string.ts";
