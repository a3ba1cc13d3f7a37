export { type InstrumentOptions, instrument } from "./instrument.ts";
export { type LogEntry, logTo } from "./log.ts";
export type { MeterProvider, TracerProvider } from "./open-telemetry.ts";
