export { type ParseOptions, parse } from "./parse.ts";
export { Secret } from "./secret.ts";
export type * from "./target.ts";
