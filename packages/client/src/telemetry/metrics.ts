import {
  type ConnectionNews,
  type ConnectTrace,
  connectChannel,
  connectionChannel,
} from "../tracing/channels.ts";
import { beginAttributes, errorAttributes } from "./attributes.ts";
import type { MeterProvider } from "./open-telemetry.ts";
import { subscribeBoth } from "./spans.ts";

/** Bucket boundaries of durations, s. Source: the conventions for `db.client.operation.duration`. */
const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * How long commands and connecting take, and how many connections there are.
 * @returns ends it
 */
export function recordMetrics(provider: MeterProvider, version: string): () => void {
  const meter = provider.getMeter("@redoubt/client", version);
  const duration = (name: string, description: string) =>
    meter.createHistogram(name, { description, unit: "s", advice: { explicitBucketBoundaries: seconds } });
  const operations = duration("db.client.operation.duration", "Duration of database client operations.");
  const connects = duration(
    "db.client.connection.create_time",
    "The time it took to create a new connection.",
  );
  const connections = meter.createUpDownCounter("db.client.connection.count", {
    description: "The number of connections that are currently in state described by the state attribute.",
    unit: "{connection}",
  });

  const begun = new WeakMap<object, number>();
  const begin = (trace: object): void => void begun.set(trace, performance.now());
  const took = (trace: object): number =>
    (performance.now() - (begun.get(trace) ?? performance.now())) / 1000;

  const stopCommands = subscribeBoth({
    start: begin,
    asyncEnd: (trace) =>
      operations.record(took(trace), { ...beginAttributes(trace), ...errorAttributes(trace.error) }),
  });
  const connected = (trace: object): void => {
    const { server, error } = trace as ConnectTrace;
    connects.record(took(trace), { "db.client.connection.pool.name": server, ...errorAttributes(error) });
  };
  const count = (message: unknown): void => {
    const { server, change } = message as ConnectionNews;
    if (server === null || change === 0) return;
    const attributes = { "db.client.connection.pool.name": server, "db.client.connection.state": "used" };
    connections.add(change, attributes);
  };
  connectChannel.start.subscribe(begin as never);
  connectChannel.asyncEnd.subscribe(connected as never);
  connectionChannel.subscribe(count);
  return () => {
    stopCommands();
    connectChannel.start.unsubscribe(begin as never);
    connectChannel.asyncEnd.unsubscribe(connected as never);
    connectionChannel.unsubscribe(count);
  };
}
