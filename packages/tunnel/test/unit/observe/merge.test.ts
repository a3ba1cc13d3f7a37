import { expect, test } from "vitest";
import { mergeMetrics } from "../../../src/observe/merge.ts";
import { Metrics } from "../../../src/observe/metrics.ts";

test("counts are added up, health is the worst, and a series that one process lacks is kept", () => {
  const text = (count: number, up: number, reason: string) => {
    const metrics = new Metrics();
    metrics.counter("a_total", "A.", { reason: "x y" }).add(count);
    metrics.counter("a_total", "A.", { reason }).add(1);
    metrics.gauge("backend_up", "Up.", () => up, { backend: "b" });
    metrics.histogram("c_seconds", "C.", [1]).observe(count);
    return metrics.text();
  };
  expect(mergeMetrics([text(1, 1, "one"), text(2, 0, "two")])).toBe(
    [
      "# HELP a_total A.",
      "# TYPE a_total counter",
      'a_total{reason="x y"} 3',
      'a_total{reason="one"} 1',
      'a_total{reason="two"} 1',
      "# HELP backend_up Up.",
      "# TYPE backend_up gauge",
      'backend_up{backend="b"} 0',
      "# HELP c_seconds C.",
      "# TYPE c_seconds histogram",
      'c_seconds_bucket{le="1"} 1',
      'c_seconds_bucket{le="+Inf"} 2',
      "c_seconds_sum 3",
      "c_seconds_count 2",
      "",
    ].join("\n"),
  );
  expect(mergeMetrics([text(1, 1, "one")])).toBe(text(1, 1, "one"));
});
