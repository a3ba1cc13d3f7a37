export { type Carrier, type CarrierOptions, openCarrier } from "./carrier.ts";
export { type Dialled, dial, dialEndpoint } from "./dial.ts";
export { type DialOptions, defaultConnectTimeout } from "./dial-options.ts";
export { speaksPlainRedis } from "./probe.ts";
export type { CertificateReport, DialReport, ServerReport, Stage, StageName, TlsReport } from "./report.ts";
export { type Address, resolveEndpoint } from "./resolve.ts";
export { Wire } from "./wire.ts";
