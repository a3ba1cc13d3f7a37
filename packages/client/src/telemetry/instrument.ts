import { RedoubtError } from "../errors.ts";
import { library } from "../version.ts";
import { recordMetrics } from "./metrics.ts";
import type { MeterProvider, TracerProvider } from "./open-telemetry.ts";
import { recordSpans } from "./spans.ts";

/** Options of {@link instrument}. */
export interface InstrumentOptions {
  /** Who makes spans; null: nobody. Default: the global one of `@opentelemetry/api`. */
  readonly tracerProvider?: TracerProvider | null;
  /** Who makes metrics; null: nobody. Default: the global one of `@opentelemetry/api`. */
  readonly meterProvider?: MeterProvider | null;
  /** Whether spans have the commands with their values (`db.query.text`). They may be personal data. Default false. */
  readonly recordArguments?: boolean;
}

/** The part of `@opentelemetry/api` that is used. */
interface Api {
  readonly trace: { getTracerProvider(): TracerProvider };
  readonly metrics: { getMeterProvider(): MeterProvider };
}

/**
 * Traces and metrics of all clients in this process for OpenTelemetry, with its names for databases.
 *
 * ```ts text
 * const stop = await instrument();
 * ```
 * @returns ends it
 * @throws RedoubtError `CONFIG_MISSING` where a provider is not given and `@opentelemetry/api` is not installed
 */
export async function instrument(options: InstrumentOptions = {}): Promise<() => void> {
  const { tracerProvider, meterProvider, recordArguments = false } = options;
  const api = tracerProvider === undefined || meterProvider === undefined ? await loadApi() : null;
  const tracers = tracerProvider === undefined ? api?.trace.getTracerProvider() : tracerProvider;
  const meters = meterProvider === undefined ? api?.metrics.getMeterProvider() : meterProvider;
  const stops = [
    tracers == null ? null : recordSpans(tracers, library.version, recordArguments),
    meters == null ? null : recordMetrics(meters, library.version),
  ];
  return () => {
    for (const stop of stops) stop?.();
  };
}

async function loadApi(): Promise<Api> {
  const name = "@opentelemetry/api";
  try {
    return (await import(name)) as Api;
  } catch (cause) {
    throw new RedoubtError(
      "CONFIG_MISSING",
      `instrument() needs the package ${name}, which is not installed`,
      {
        hint: `npm install ${name}`,
        cause,
      },
    );
  }
}
