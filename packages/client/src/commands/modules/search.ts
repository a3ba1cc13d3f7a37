/** Search and queries: `client.ft`. */
export * from "./search-aggregate.ts";
export type { QueryOptions, QueryParams, SortBy } from "./search-arguments.ts";
export * from "./search-hybrid.ts";
export * from "./search-index.ts";
export * from "./search-info.ts";
export {
  explain,
  explainCli,
  type ProfileReply,
  type ProfileSearchOptions,
  profileSearch,
  type ScoreExplanation,
  type SearchDocument,
  type SearchOptions,
  type SearchReply,
  search,
  searchNoContent,
} from "./search-query.ts";
export type { CollectReducer, Reducer } from "./search-reducer.ts";
export type { Schema, SchemaField } from "./search-schema.ts";
export * from "./search-suggestion.ts";
export * from "./search-terms.ts";
