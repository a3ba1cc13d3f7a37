export * from "./cache/index.ts";
export {
  type BufferClientView,
  type Client,
  type ClientEvents,
  type ClientView,
  createClient,
} from "./client/client.ts";
export type { BufferCommandMethods, CommandMethods } from "./client/command-methods.ts";
export type { Health, HealthOptions } from "./client/health.ts";
export type { PubSubListener } from "./client/listeners.ts";
export type { Message, MessageStream, MessagesOptions } from "./client/message-stream.ts";
export type { BufferMulti, Multi } from "./client/multi.ts";
export type { OfflineQueueLimits } from "./client/offline-queue.ts";
export type { ClientOptions, CommandOptions, SocketOptions } from "./client/options.ts";
export type { RetryPolicy } from "./client/retry.ts";
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
export { type Cluster, type ClusterEvents, createCluster } from "./cluster/cluster.ts";
export type { Shard } from "./cluster/cluster-map.ts";
export type { ClusterNode } from "./cluster/cluster-node.ts";
export type { ClusterHealth, NodeHealth } from "./cluster/health.ts";
export { type NodeIdentity, verifiableNames } from "./cluster/names.ts";
export type { ClusterOptions } from "./cluster/options.ts";
export type { Command, RedisArgument } from "./commands/command.ts";
export type { CommandExecutor } from "./commands/executor.ts";
export * from "./config/index.ts";
export * from "./credentials/index.ts";
export type { AddressMap, NodeAddress } from "./discovery/address-map.ts";
// Over the one of net, which knows no Sentinels.
export { dial } from "./discovery/dial.ts";
export type { TopologyChange } from "./discovery/sentinel-directory.ts";
export type { HostFilter } from "./discovery/sentinel-targets.ts";
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
export {
  addKeyedRedisClient,
  addRedisClient,
  keyedRedisClient,
  redisClient,
} from "./named/add-redis-client.ts";
export type { NamedSources, RedisClientSettings } from "./named/client-settings.ts";
export type { ConfigureOptions, NamedHealthCheck, RedisClientBuilder } from "./named/redis-client-builder.ts";
export * from "./net/index.ts";
export { type ClientPool, createClientPool, type PoolEvents } from "./pool/client-pool.ts";
export type { ManagerEvents, TakeOptions } from "./pool/clients-source.ts";
export type { HostClientOptions } from "./pool/hosts.ts";
export type { PoolStats } from "./pool/lender.ts";
export type { PoolOptions } from "./pool/options.ts";
export { type ManagerPoolOptions, RedisManagerPool } from "./pool/overflow-pool.ts";
export type { PooledClient } from "./pool/pooled-client.ts";
export { type PooledManagerOptions, PooledRedisClientManager } from "./pool/read-write-pool.ts";
export type { NodeClientOptions, SentinelNode, SentinelOptions } from "./sentinel/options.ts";
export { createSentinel, type Sentinel, type SentinelEvents } from "./sentinel/sentinel.ts";
export * from "./telemetry/index.ts";
export * from "./tls/index.ts";
export type { ConnectionNews, ConnectTrace, LoginNews } from "./tracing/channels.ts";
export type { BatchTrace, CommandTrace, ServerTrace } from "./tracing/command-trace.ts";
export { createValueReadStream, type ValueReadOptions } from "./values/value-read-stream.ts";
export { createValueWriteStream, type ValueWriteOptions } from "./values/value-write-stream.ts";
