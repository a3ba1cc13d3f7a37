export { type Dialled, type DialOptions, defaultConnectTimeout, dial, dialEndpoint } from "./dial.ts";
export type { CertificateReport, DialReport, ServerReport, Stage, StageName, TlsReport } from "./report.ts";
export { Wire } from "./wire.ts";
