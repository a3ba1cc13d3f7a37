/**
 * The commands of modules, each under the name that node-redis has for the module: `client.json.get(key)`. As in
 * `index.ts`, only functions that make a `Command` are values here.
 */
export * as bf from "./modules/bloom-filter.ts";
export * as cms from "./modules/count-min-sketch.ts";
export * as cf from "./modules/cuckoo-filter.ts";
export * as json from "./modules/json.ts";
export * as ft from "./modules/search.ts";
export * as tDigest from "./modules/t-digest.ts";
export * as ts from "./modules/time-series.ts";
export * as topK from "./modules/top-k.ts";
