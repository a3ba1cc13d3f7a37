export { Builder, createBuilder } from "./builder.ts";
export { typeScriptFlags } from "./loader/typescript.ts";
export type { App, AppOptions, Operation } from "./model/app.ts";
export type { CallSite } from "./model/call-site.ts";
export type { Configuration, ConfigurationOrigin } from "./model/configuration.ts";
export {
  type ConnectionProperty,
  type ConnectionSource,
  ConnectionStringReference,
  connectionPropertiesOf,
  connectionProperty,
  type HasConnectionString,
  hasConnectionString,
} from "./model/connection.ts";
export { type Allocated, Endpoint, type EndpointOptions, type EndpointProperty } from "./model/endpoint.ts";
export { collectArguments, collectEnvironment, collectNeeds } from "./model/environment.ts";
export type {
  AppEvent,
  AppEventMap,
  AppEvents,
  EventHandler,
  EventName,
  ResourceEvent,
} from "./model/events.ts";
export { Conditional, Expression, refExpr, UriEncoded, uri, type ValueLike } from "./model/expression.ts";
export type { GenerateRule } from "./model/generate.ts";
export { type ParameterOptions, ParameterResource } from "./model/parameter.ts";
export type { Reference, ReferenceVariables } from "./model/reference.ts";
export {
  type Command,
  type CommandContext,
  type CommandOptions,
  type HealthCheck,
  type Logger,
  type Relationship,
  Resource,
  type UrlNote,
  type Wait,
} from "./model/resource.ts";
export type { Health, Snapshot, State } from "./model/snapshot.ts";
export { Literal, type ResolveContext, type Value, type Viewpoint } from "./model/value.ts";
export {
  type ArgumentsContext,
  type EnvironmentContext,
  type ReferenceOptions,
  Workload,
} from "./model/workload.ts";
export { ConnectionStringExpression, ConnectionStringResource } from "./resources/connection-string.ts";
export { ContainerResource, type Image, type Mount } from "./resources/container.ts";
export { ExecutableResource } from "./resources/executable.ts";
export {
  type InstallOptions,
  JavaScriptResource,
  NodeAppResource,
  type PackageManager,
  ScriptAppResource,
  ViteAppResource,
} from "./resources/node-app.ts";
export {
  type Persistence,
  type RedisData,
  type RedisOptions,
  RedisResource,
  redisModules,
} from "./resources/redis.ts";
export { type TunnelOptions, TunnelResource } from "./resources/tunnel.ts";
