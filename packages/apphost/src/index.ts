export { homeFolder } from "@redoubt/services/machine";
export { Builder, createBuilder } from "./builder.ts";
export { BuiltApp } from "./built-app.ts";
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
export type {
  DeployEvent,
  DeployedResource,
  DeployFailure,
  DeployOptions,
  DeployResult,
  DeployTalk,
} from "./provision/deploy-app.ts";
export type { OperationState, ProvisionState, UnitEnd } from "./provision/events.ts";
export { forecastText, wouldChange } from "./provision/forecast-text.ts";
export type { Removal } from "./provision/provision.ts";
export type { Choice, Questions } from "./provision/questions.ts";
export type { Timing } from "./provision/timing.ts";
export type { Forecast, PropertyChange, ResourceChange, UnitForecast } from "./provision/what-if.ts";
export type { PublishedParameter } from "./publish/main/parameters-file.ts";
export {
  type PublishOptions,
  type PublishResult,
  type PublishStep,
  publish,
  publishSteps,
} from "./publish/publish.ts";
export { AzureResource, type AzureType, type PrivateLink } from "./resources/azure/azure-resource.ts";
export { AzureClassicRedis, type ClassicRedisOptions } from "./resources/azure/classic/classic-redis.ts";
export { ClassicRedisInfrastructure } from "./resources/azure/classic/infrastructure.ts";
export type {
  ClassicCache,
  ClassicConfiguration,
  ClassicSku,
  ClassicTier,
} from "./resources/azure/classic/shape.ts";
export { addAzureAccess } from "./resources/azure/compute/access.ts";
export {
  AzureContainerAppEnvironment,
  ContainerAppEnvironmentInfrastructure,
  type ContainerAppEnvironmentSettings,
} from "./resources/azure/compute/container-app-environment.ts";
export { AzureContainerRegistry } from "./resources/azure/compute/container-registry.ts";
export type { AzureName, DeploymentScope, ExistingPlace, ExistingScope } from "./resources/azure/existing.ts";
export { AzureFreeModule } from "./resources/azure/free-module.ts";
export { AzureUserAssignedIdentity } from "./resources/azure/identity.ts";
export { Infrastructure, type Known, type ModuleParameter } from "./resources/azure/infrastructure.ts";
export {
  AzureKeyVault,
  KeyVaultInfrastructure,
  type KeyVaultSettings,
  keyVaultRoles,
} from "./resources/azure/key-vault.ts";
export { ManagedRedisInfrastructure } from "./resources/azure/managed/infrastructure.ts";
export { AzureManagedRedis } from "./resources/azure/managed/managed-redis.ts";
export type {
  ClusteringPolicy,
  EvictionPolicy,
  ManagedCluster,
  ManagedDatabase,
  ManagedEncryption,
  ManagedGeoReplication,
  ManagedModule,
  ManagedPersistence,
} from "./resources/azure/managed/shape.ts";
export { type ManagedSkuName, managedSkuNames } from "./resources/azure/managed/skus.ts";
export type { CacheSubnetOptions } from "./resources/azure/network/cache-subnet.ts";
export { AzurePrivateDnsZone } from "./resources/azure/network/private-dns-zone.ts";
export { AzurePrivateEndpoint } from "./resources/azure/network/private-endpoint.ts";
export { AzureRouteTable, type Route } from "./resources/azure/network/route-table.ts";
export { AzureNetworkSecurityGroup, type SecurityRule } from "./resources/azure/network/security-group.ts";
export { AzureSubnet } from "./resources/azure/network/subnet.ts";
export {
  AzureVirtualNetwork,
  VirtualNetworkInfrastructure,
  type VirtualNetworkSettings,
} from "./resources/azure/network/virtual-network.ts";
export type { Role } from "./resources/azure/principal.ts";
export { AzureRedis } from "./resources/azure/redis.ts";
export { AzureRoleAssignments } from "./resources/azure/role-assignments.ts";
export type { Setting } from "./resources/azure/setting.ts";
export type { Violation } from "./resources/azure/violation.ts";
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
export type { WaitBehavior } from "./run/life/ground.ts";
export { type RunningEntry, runningApps } from "./run/live/registry.ts";
export { RemoteApp } from "./run/live/remote-app.ts";
export type { AppFacts } from "./run/live/wire.ts";
export type { LogLine, LogOptions } from "./run/logs/log-store.ts";
export type {
  CommandOutcome,
  EndpointAddress,
  ExitReason,
  RunningApp,
  WaitOptions,
} from "./run/running-app.ts";
export type { StartOptions } from "./run/start-app.ts";
