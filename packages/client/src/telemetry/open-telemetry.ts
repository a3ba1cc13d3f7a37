/** The part of `@opentelemetry/api` 1.x that is used, by structure, so that the package may be absent. */

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  setAttributes(attributes: Record<string, string | number | boolean>): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

export interface TracerProvider {
  getTracer(
    name: string,
    version?: string,
  ): {
    startSpan(
      name: string,
      options: { kind: number; attributes: Record<string, string | number | boolean> },
    ): Span;
  };
}

export interface MeterProvider {
  getMeter(
    name: string,
    version?: string,
  ): {
    createHistogram(
      name: string,
      options: { description: string; unit: string; advice: { explicitBucketBoundaries: number[] } },
    ): { record(value: number, attributes: Record<string, string | number | boolean>): void };
    createUpDownCounter(
      name: string,
      options: { description: string; unit: string },
    ): { add(value: number, attributes: Record<string, string | number | boolean>): void };
  };
}

/** `SpanKind.CLIENT` */
export const clientKind = 2;
/** `SpanStatusCode.ERROR` */
export const errorStatus = 2;
