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
export { homeFolder } from "./state/home.ts";
