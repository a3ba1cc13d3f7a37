import { metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { createClient, instrument } from "@redoubt/client";
import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";

/** OpenTelemetry's own SDK, keeping what it is given. */
function startSdk() {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })],
  });
  const points = async (name: string) => {
    await meterProvider.forceFlush();
    const found = exporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((scope) => scope.metrics)
      .find(({ descriptor }) => descriptor.name === name);
    return found?.dataPoints ?? [];
  };
  return { spans, tracerProvider, meterProvider, points, stop: () => meterProvider.shutdown() };
}

test("spans have the names and attributes of OpenTelemetry's conventions, and no arguments", async () => {
  const sdk = startSdk();
  await using server = await startServer();
  await using client = await createClient({ url: server.uri, database: 2 }).connect();
  const stop = await instrument(sdk);
  await client.set("private-key", "private-value");
  await client.lPush("private-key", "private-element").catch(() => {});
  await client.multi().get("private-key").get("private-key").exec();
  await client.multi().get("private-key").echo("private").execAsPipeline();
  stop();
  await client.get("a");
  await sdk.stop();
  const found = sdk.spans.getFinishedSpans();
  expect(found.map(({ name, kind }) => [name, kind])).toEqual(
    ["SET", "LPUSH", "MULTI GET", "PIPELINE"].map((name) => [name, SpanKind.CLIENT]),
  );
  const [set, lPush, multi] = found;
  expect(set?.instrumentationScope.name).toBe("@redoubt/client");
  expect(set?.attributes).toEqual({
    "db.system.name": "redis",
    "db.operation.name": "SET",
    "db.namespace": "2",
    "server.address": "localhost",
    "server.port": server.tlsPort,
    "network.peer.address": expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
    "network.peer.port": server.tlsPort,
  });
  expect(lPush?.status).toEqual({ code: SpanStatusCode.ERROR, message: "REPLY_WRONG_TYPE" });
  expect(lPush?.attributes).toMatchObject({
    "error.type": "REPLY_WRONG_TYPE",
    "db.response.status_code": "WRONGTYPE",
  });
  expect(multi?.attributes).toMatchObject({ "db.operation.name": "MULTI GET", "db.operation.batch.size": 2 });
  expect(JSON.stringify(found.map(({ attributes, status }) => [attributes, status]))).not.toContain(
    "private",
  );
  // The time of a span is that of its command.
  for (const span of found) expect(span.duration[0] * 1e3 + span.duration[1] / 1e6).toBeLessThan(10_000);
});

test("arguments are recorded when asked for", async () => {
  const sdk = startSdk();
  await using server = await startServer();
  await using client = await createClient(server.uri).connect();
  const stop = await instrument({
    tracerProvider: sdk.tracerProvider,
    meterProvider: null,
    recordArguments: true,
  });
  await client.set("key", "value");
  stop();
  await sdk.stop();
  expect(sdk.spans.getFinishedSpans()[0]?.attributes["db.query.text"]).toBe("SET key value");
});

test("metrics: durations by command and error, connections made and open", async () => {
  const sdk = startSdk();
  const stop = await instrument({ tracerProvider: null, meterProvider: sdk.meterProvider });
  await using server = await startServer();
  const client = await createClient(server.uri).connect();
  const other = await client.duplicate().connect();
  await Promise.all([client.set("a", "1"), client.get("a"), client.get("a"), other.get("a")]);
  await client.lPush("a", "b").catch(() => {});
  const counts = new Map(
    (await sdk.points("db.client.operation.duration")).map(({ attributes, value }) => [
      [attributes["db.operation.name"], attributes["error.type"] ?? "ok"].join(" "),
      (value as { count: number }).count,
    ]),
  );
  expect(Object.fromEntries(counts)).toMatchObject({ "SET ok": 1, "GET ok": 3, "LPUSH REPLY_WRONG_TYPE": 1 });
  const [create] = await sdk.points("db.client.connection.create_time");
  // In seconds, so less than five for two.
  expect(create?.value).toMatchObject({ count: 2, sum: expect.closeTo(0.1, -1) });
  const open = async () => (await sdk.points("db.client.connection.count"))[0];
  expect(await open()).toMatchObject({
    value: 2,
    attributes: {
      "db.client.connection.pool.name": `localhost:${server.tlsPort}`,
      "db.client.connection.state": "used",
    },
  });
  await other.close();
  expect((await open())?.value).toBe(1);
  process.kill(server.pid as number, "SIGKILL");
  await expect.poll(async () => (await open())?.value).toBe(0);
  client.destroy();
  expect((await open())?.value).toBe(0);
  stop();
  await sdk.stop();
});

test("without providers, those that are registered with the API are taken", async () => {
  const sdk = startSdk();
  trace.setGlobalTracerProvider(sdk.tracerProvider);
  metrics.setGlobalMeterProvider(sdk.meterProvider);
  try {
    await using server = await startServer();
    await using client = await createClient(server.uri).connect();
    const stop = await instrument();
    const parent = trace.getTracer("test").startSpan("request");
    await client.ping();
    parent.end();
    stop();
    expect(sdk.spans.getFinishedSpans().map(({ name }) => name)).toEqual(["PING", "request"]);
    expect((await sdk.points("db.client.operation.duration")).length).toBe(1);
  } finally {
    trace.disable();
    metrics.disable();
    await sdk.stop();
  }
});
