export { type ConfigChanges, readChanges } from "./catalog/assignment.ts";
export { allowed } from "./catalog/option-check.ts";
export { serviceOptionPage } from "./catalog/option-page.ts";
export type { FieldRow, OptionEffect, OptionRow, OptionType } from "./catalog/option-row.ts";
export { type OptionTable, optionTables, publicConfig } from "./catalog/option-table.ts";
export { type Plan, type PlanFamily, plans, type Topology, typeAndPlan } from "./catalog/plans.ts";
export { type ServiceTypeName, serviceTypeNames, serviceTypes } from "./catalog/service-types.ts";
export type { Backup } from "./contract/backup.ts";
export type { LogLine, LogOptions, LogPage, ServiceEvent } from "./contract/log.ts";
export type { CurrentQuery, Metrics, MetricsPeriod, MetricsSeries } from "./contract/metrics.ts";
export type { CreateOptions, UpdateOptions, UpdatePreview, WaitOptions } from "./contract/options.ts";
export type {
  CommandPolicy,
  IdleRule,
  Maintenance,
  Route,
  Service,
  ServiceCertificate,
  ServiceComponent,
  ServiceNode,
  ServiceState,
  ServiceType,
  UserConfig,
} from "./contract/service.ts";
export type { Services, ServicesOptions } from "./contract/services.ts";
export type { Settings } from "./contract/settings.ts";
export type { SimulationKind, SimulationOptions, SimulationState } from "./contract/simulation.ts";
export type { AccessControl, ServiceUser, UserCreateOptions } from "./contract/user.ts";
export { type OriginalSeries, originalShape } from "./metrics/recorder.ts";
export { openServices } from "./services/project.ts";
export { describeSimulations, type SimulationDescription } from "./simulate/simulation-table.ts";
export { homeFolder } from "./state/home.ts";
