import { batchChannel, commandChannel } from "../tracing/channels.ts";
import type { BatchTrace, CommandTrace } from "../tracing/command-trace.ts";
import { beginAttributes, errorAttributes, operationOf, serverAttributes } from "./attributes.ts";
import { clientKind, errorStatus, type Span, type TracerProvider } from "./open-telemetry.ts";

type Trace = CommandTrace | BatchTrace;

/**
 * A span for each command, transaction and pipeline.
 * @param recordArguments whether `db.query.text` has the commands with their values
 * @returns ends it
 */
export function recordSpans(provider: TracerProvider, version: string, recordArguments: boolean): () => void {
  const tracer = provider.getTracer("@redoubt/client", version);
  const spans = new WeakMap<object, Span>();
  const subscriber = {
    start: (trace: Trace): void => {
      const attributes = {
        ...beginAttributes(trace),
        ...(recordArguments && { "db.query.text": trace.text() }),
      };
      spans.set(trace, tracer.startSpan(operationOf(trace), { kind: clientKind, attributes }));
    },
    asyncEnd: (trace: Trace): void => {
      const span = spans.get(trace);
      if (span === undefined) return;
      span.setAttributes({ ...serverAttributes(trace), ...errorAttributes(trace.error) });
      // The server's message may repeat values; the code says enough.
      if (trace.error !== undefined) span.setStatus({ code: errorStatus, message: trace.error.code });
      span.end();
    },
  };
  return subscribeBoth(subscriber);
}

/** Listens to commands and to batches. */
export function subscribeBoth(subscriber: {
  readonly start: (trace: Trace) => void;
  readonly asyncEnd: (trace: Trace) => void;
}): () => void {
  const { start, asyncEnd } = subscriber;
  const channels = [commandChannel, batchChannel];
  for (const each of channels) {
    each.start.subscribe(start as never);
    each.asyncEnd.subscribe(asyncEnd as never);
  }
  return () => {
    for (const each of channels) {
      each.start.unsubscribe(start as never);
      each.asyncEnd.unsubscribe(asyncEnd as never);
    }
  };
}
