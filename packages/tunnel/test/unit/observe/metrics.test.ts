import { expect, test } from "vitest";
import { ConnectionMetrics } from "../../../src/observe/connection-metrics.ts";
import { Metrics } from "../../../src/observe/metrics.ts";

test("the text is what Prometheus reads", () => {
  const metrics = new Metrics();
  metrics.counter("a_total", 'Lines\nand \\ "quotes".', { reason: 'x"\\\ny' }).add(2);
  metrics.counter("a_total", "", { reason: 'x"\\\ny' }).add();
  metrics.gauge("b", "B.", () => 1.5);
  const histogram = metrics.histogram("c_seconds", "C.", [0.1, 1], { l: "x" });
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value);
  expect(metrics.text()).toBe(
    [
      '# HELP a_total Lines\\nand \\\\ "quotes".',
      "# TYPE a_total counter",
      'a_total{reason="x\\"\\\\\\ny"} 3',
      "# HELP b B.",
      "# TYPE b gauge",
      "b 1.5",
      "# HELP c_seconds C.",
      "# TYPE c_seconds histogram",
      'c_seconds_bucket{l="x",le="0.1"} 2',
      'c_seconds_bucket{l="x",le="1"} 3',
      'c_seconds_bucket{l="x",le="+Inf"} 4',
      'c_seconds_sum{l="x"} 7.65',
      'c_seconds_count{l="x"} 4',
      "",
    ].join("\n"),
  );
});

test("bytes of connections that live count as much as those of connections that are over", () => {
  const metrics = new Metrics();
  const connections = new ConnectionMetrics(metrics, "here");
  const one = { sent: 0, received: 0 };
  const two = { sent: 5, received: 50 };
  connections.opened(one);
  connections.opened(two);
  one.sent = 1;
  connections.closed(two, "idle-limit", 2);
  connections.closed(two, "idle-limit", 2);
  connections.refused("too-fast");
  connections.secured(0.002, true);
  const text = metrics.text();
  for (const line of [
    'redoubt_tunnel_connections_total{listener="here"} 2',
    'redoubt_tunnel_connections_open{listener="here"} 1',
    'redoubt_tunnel_client_bytes_total{listener="here"} 6',
    'redoubt_tunnel_upstream_bytes_total{listener="here"} 50',
    'redoubt_tunnel_connections_closed_total{listener="here",reason="idle-limit"} 1',
    'redoubt_tunnel_connections_refused_total{listener="here",reason="too-fast"} 1',
    'redoubt_tunnel_handshakes_total{listener="here",resumed="yes"} 1',
    'redoubt_tunnel_handshakes_total{listener="here",resumed="no"} 0',
  ])
    expect(text.split("\n")).toContain(line);
});
