export {
  type BufferClientView,
  type Client,
  type ClientEvents,
  type ClientView,
  createClient,
} from "./client/client.ts";
export type { BufferCommandMethods, CommandMethods } from "./client/command-methods.ts";
export type { BufferMulti, Multi } from "./client/multi.ts";
export type { OfflineQueueLimits } from "./client/offline-queue.ts";
export type { ClientOptions, CommandOptions, SocketOptions } from "./client/options.ts";
export {
  defineScript,
  type Script,
  type ScriptDefinition,
  type ScriptMethods,
  type ScriptParser,
  type Scripts,
} from "./client/script.ts";
export type { ReconnectStrategy } from "./client/terms.ts";
export { RESP_TYPES, type TypeMapping } from "./client/type-mapping.ts";
export type { Command, RedisArgument } from "./commands/command.ts";
export * from "./config/index.ts";
export * from "./credentials/index.ts";
export { type EntityId, type EntityOptions, EntityStore } from "./entities/entity-store.ts";
export {
  type ErrorCode,
  type ErrorRow,
  errorTable,
  MultiErrorReply,
  RedoubtError,
  ReplyError,
} from "./errors.ts";
export { type Explanation, explain } from "./explain.ts";
export * from "./net/index.ts";
export * from "./tls/index.ts";
