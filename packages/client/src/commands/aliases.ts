/**
 * Every command has a second name in capitals: `hGetAll` is also `HGETALL`. Parts of a name are joined by `_` where
 * node-redis does so: after a container (`CLIENT_SETNAME`), and before a variant (`ZRANGE_WITHSCORES`), which the table lists.
 */

/** Commands that contain commands. */
const containers = [
  "acl",
  "bless",
  "client",
  "cluster",
  "command",
  "config",
  "function",
  "hImport",
  "hotkeys",
  "latency",
  "memory",
  "module",
  "object",
  "pubSub",
  "script",
  "slowlog",
  "xGroup",
  "xInfo",
] as const;

/** Names that the rules do not give. */
const irregular = {
  aclLogReset: "ACL_LOG_RESET",
  aggregateWithCursor: "AGGREGATE_WITHCURSOR",
  arGrepWithValues: "ARGREP_WITHVALUES",
  bitFieldRo: "BITFIELD_RO",
  clientImportSource: "CLIENT_IMPORT-SOURCE",
  clientNoEvict: "CLIENT_NO-EVICT",
  clientNoTouch: "CLIENT_NO-TOUCH",
  clusterCountFailureReports: "CLUSTER_COUNT-FAILURE-REPORTS",
  clusterSetConfigEpoch: "CLUSTER_SET-CONFIG-EPOCH",
  clusterSlotStats: "CLUSTER_SLOT-STATS",
  commandlogGet: "COMMANDLOG_GET",
  commandlogLen: "COMMANDLOG_LEN",
  commandlogReset: "COMMANDLOG_RESET",
  cursorDel: "CURSOR_DEL",
  cursorRead: "CURSOR_READ",
  debugMemory: "DEBUG_MEMORY",
  evalRo: "EVAL_RO",
  evalShaRo: "EVALSHA_RO",
  fCallRo: "FCALL_RO",
  functionListWithCode: "FUNCTION_LIST_WITHCODE",
  geoRadiusByMemberRo: "GEORADIUSBYMEMBER_RO",
  geoRadiusByMemberRoWith: "GEORADIUSBYMEMBER_RO_WITH",
  geoRadiusByMemberStore: "GEORADIUSBYMEMBER_STORE",
  geoRadiusByMemberWith: "GEORADIUSBYMEMBER_WITH",
  geoRadiusRo: "GEORADIUS_RO",
  geoRadiusRoWith: "GEORADIUS_RO_WITH",
  geoRadiusStore: "GEORADIUS_STORE",
  geoRadiusWith: "GEORADIUS_WITH",
  geoSearchWith: "GEOSEARCH_WITH",
  hRandFieldCount: "HRANDFIELD_COUNT",
  hRandFieldCountWithValues: "HRANDFIELD_COUNT_WITHVALUES",
  hScanNoValues: "HSCAN_NOVALUES",
  infoDebug: "INFO_DEBUG",
  lPopCount: "LPOP_COUNT",
  lPosCount: "LPOS_COUNT",
  lcsIdx: "LCS_IDX",
  lcsIdxWithMatchLen: "LCS_IDX_WITHMATCHLEN",
  lcsLen: "LCS_LEN",
  listWithCount: "LIST_WITHCOUNT",
  mGetSelectedLabels: "MGET_SELECTED_LABELS",
  mGetWithLabels: "MGET_WITHLABELS",
  mRangeGroupBy: "MRANGE_GROUPBY",
  mRangeMultiAggr: "MRANGE_MULTIAGGR",
  mRangeSelectedLabels: "MRANGE_SELECTED_LABELS",
  mRangeSelectedLabelsGroupBy: "MRANGE_SELECTED_LABELS_GROUPBY",
  mRangeSelectedLabelsMultiAggr: "MRANGE_SELECTED_LABELS_MULTIAGGR",
  mRangeWithLabels: "MRANGE_WITHLABELS",
  mRangeWithLabelsGroupBy: "MRANGE_WITHLABELS_GROUPBY",
  mRangeWithLabelsMultiAggr: "MRANGE_WITHLABELS_MULTIAGGR",
  mRevRangeGroupBy: "MREVRANGE_GROUPBY",
  mRevRangeMultiAggr: "MREVRANGE_MULTIAGGR",
  mRevRangeSelectedLabels: "MREVRANGE_SELECTED_LABELS",
  mRevRangeSelectedLabelsGroupBy: "MREVRANGE_SELECTED_LABELS_GROUPBY",
  mRevRangeSelectedLabelsMultiAggr: "MREVRANGE_SELECTED_LABELS_MULTIAGGR",
  mRevRangeWithLabels: "MREVRANGE_WITHLABELS",
  mRevRangeWithLabelsGroupBy: "MREVRANGE_WITHLABELS_GROUPBY",
  mRevRangeWithLabelsMultiAggr: "MREVRANGE_WITHLABELS_MULTIAGGR",
  memoryMallocStats: "MEMORY_MALLOC-STATS",
  queryLabelValues: "QUERYLABELS_VALUES",
  rPopCount: "RPOP_COUNT",
  rangeMultiAggr: "RANGE_MULTIAGGR",
  revRangeMultiAggr: "REVRANGE_MULTIAGGR",
  sPopCount: "SPOP_COUNT",
  sRandMemberCount: "SRANDMEMBER_COUNT",
  searchNoContent: "SEARCH_NOCONTENT",
  sortRo: "SORT_RO",
  sortStore: "SORT_STORE",
  sugGetWithPayloads: "SUGGET_WITHPAYLOADS",
  sugGetWithScores: "SUGGET_WITHSCORES",
  sugGetWithScoresWithPayloads: "SUGGET_WITHSCORES_WITHPAYLOADS",
  trimmedMean: "TRIMMED_MEAN",
  vEmbRaw: "VEMB_RAW",
  vLinksWithScores: "VLINKS_WITHSCORES",
  vSimWithScores: "VSIM_WITHSCORES",
  xAddNoMkStream: "XADD_NOMKSTREAM",
  xAutoClaimJustId: "XAUTOCLAIM_JUSTID",
  xClaimJustId: "XCLAIM_JUSTID",
  xPendingRange: "XPENDING_RANGE",
  zAddIncr: "ZADD_INCR",
  zDiffWithScores: "ZDIFF_WITHSCORES",
  zInterWithScores: "ZINTER_WITHSCORES",
  zPopMaxCount: "ZPOPMAX_COUNT",
  zPopMinCount: "ZPOPMIN_COUNT",
  zRandMemberCount: "ZRANDMEMBER_COUNT",
  zRandMemberCountWithScores: "ZRANDMEMBER_COUNT_WITHSCORES",
  zRangeByScoreWithScores: "ZRANGEBYSCORE_WITHSCORES",
  zRangeWithScores: "ZRANGE_WITHSCORES",
  zRankWithScore: "ZRANK_WITHSCORE",
  zRevRankWithScore: "ZREVRANK_WITHSCORE",
  zUnionWithScores: "ZUNION_WITHSCORES",
} as const;

type Container = (typeof containers)[number];

/** The name in capitals of a command, for example `"HGETALL"` for `"hGetAll"`. */
export type Alias<Name extends string> = Name extends keyof typeof irregular
  ? (typeof irregular)[Name]
  : Name extends `${Container}${infer Rest}`
    ? Joined<Name, Rest>
    : Uppercase<Name>;

/** `CONTAINER_REST`; the container's own name stays in one. */
type Joined<Name extends string, Rest extends string> = Rest extends ""
  ? Uppercase<Name>
  : Name extends `${infer Head}${Rest}`
    ? `${Uppercase<Head>}_${Uppercase<Rest>}`
    : never;

/** Functions under both of their names. */
export type Named<Functions> = Functions & {
  [Name in keyof Functions as Alias<Name & string>]: Functions[Name];
};

/** {@link Alias} of a name: `alias("hGetAll")` is `"HGETALL"`. */
export function alias<Name extends string>(name: Name): Alias<Name> {
  return capitals(name) as Alias<Name>;
}

function capitals(name: string): string {
  if (Object.hasOwn(irregular, name)) return irregular[name as keyof typeof irregular];
  const container = containers.find((each) => name.startsWith(each) && name !== each);
  if (container === undefined) return name.toUpperCase();
  return `${container}_${name.slice(container.length)}`.toUpperCase();
}
