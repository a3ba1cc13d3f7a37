export { CacheStats } from "./cache-stats.ts";
export { ClientSideCache, type ClientSideCacheOptions } from "./client-side-cache.ts";
