export type { DoctorFinding, DoctorFix } from "./checks/finding.ts";
export { type Area, type CheckId, type CheckRow, checkRows, type DoctorSeverity } from "./checks/rows.ts";
export { doctor } from "./doctor/doctor.ts";
export type { DoctorOptions } from "./doctor/options.ts";
export { redactNames } from "./doctor/redact.ts";
export { reportText as doctorReport } from "./doctor/report-text.ts";
export type { DoctorResult, DoctorStage, DoctorVerdict, Observation } from "./doctor/result.ts";
export { type Exports, readExports } from "./exports/read.ts";
export type { ExportFile } from "./exports/text.ts";
export type { Finding, Fix } from "./findings/finding.ts";
export { type FindingId, type FindingRow, findingTable, type Severity } from "./findings/table.ts";
export { type ExplainQuestion, type Explanation, explain as explainFlow } from "./judge/explain.ts";
export type { Flow, FlowVerdict, Remote } from "./judge/flow.ts";
export type { JudgeOptions } from "./judge/injected.ts";
export { type CacheJudgement, type Judgement, judge } from "./judge/judge.ts";
export type { Missing, Step, Verdict } from "./judge/verdict.ts";
export { type Breakage, type Cause, type CauseId, causeIds, causes } from "./lab/causes.ts";
export { exampleLab } from "./lab/example.ts";
export {
  defaultLabName,
  type Lab,
  type LabUpOptions,
  labBreak,
  labDown,
  labMend,
  labNamed,
  labReplan,
  labUp,
  listLabs,
} from "./lab/lab.ts";
export type { Machine, MachineKind } from "./lab/machines.ts";
export type { Dialling, DnsManner, LabHost, LabPlan, OnPremises } from "./lab/plan.ts";
export { labPlanOf } from "./lab/plan-of.ts";
export { type InsideCommand, insideLab } from "./lab/runner/inside.ts";
export { missingForLab } from "./lab/runner/needs.ts";
export type { LabString } from "./lab/strings.ts";
export { type Cache, type CacheKind, isClustered, type LinkedCache } from "./model/cache.ts";
export { emptyNetwork, type Network } from "./model/network.ts";
export {
  type CreationRequest,
  type CreationRule,
  creationRules,
  type SubnetRequest,
  type Violation,
  validateCreation,
} from "./plan/creation.ts";
export {
  type DataWay,
  type MigrationPlan,
  type MigrationRequest,
  type MigrationStep,
  type MigrationTarget,
  planMigration,
} from "./plan/migrate.ts";
export { type PlannedRoute, planRoutes, type RoutesPlan } from "./plan/routes.ts";
export { type PlannedRule, planEndpointRules, planRules, type RulesRequest } from "./plan/rules.ts";
export { type PlannedCache, planSubnet, type SubnetPlan } from "./plan/subnet.ts";
export { nsgBicep, routesCommands, routeTableBicep, ruleBicep, rulesCommands } from "./plan/write.ts";
export type { Latency } from "./probes/latency.ts";
export { checkNetwork, type NetworkReport } from "./report/check.ts";
export { describeReport, type FlowDescription, type ReportDescription } from "./report/describe.ts";
export { page as reportPage } from "./report/page.ts";
export { picture as reportPicture } from "./report/picture.ts";
export { sarif as reportSarif } from "./report/sarif.ts";
export { type Endpoint, requiredEndpoints } from "./tables/endpoints.ts";
export { type Retirement, retirements } from "./tables/lifetime.ts";
export { type PortRow, portRows, portSource } from "./tables/ports.ts";
export { type ManagedSku, managedSkus } from "./tables/skus.ts";
export type { TcpAttempt } from "./tcping/attempt.ts";
export type { TcpOutcome } from "./tcping/outcome.ts";
export { statisticsOf, type TimeStatistics } from "./tcping/statistics.ts";
export { type TcpingAttempt, type TcpingOptions, tcping } from "./tcping/tcping.ts";
