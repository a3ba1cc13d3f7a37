import { lineup, rawSocket } from "../clients/lineup.ts";
import { bottleneck, find, type Row, type Summary, standing } from "../comparison.ts";
import type { Transport } from "../measurement.ts";
import { amount } from "../print.ts";
import type { Circumstances } from "./circumstances.ts";

const transportNames: Readonly<Record<Transport, string>> = { tls: "Over TLS", tcp: "Over plain TCP" };

/** All that was measured, as Markdown: circumstances, versions, and for each transport two tables. */
export function formatReport(rows: readonly Row[], circumstances: Circumstances): string {
  const parts = [describe(rows, circumstances), "![Commands per second over TLS](performance.svg)"];
  for (const transport of ["tls", "tcp"] as const) {
    const inTransport = rows.filter((row) => row.transport === transport);
    if (inTransport.length === 0) continue;
    parts.push(`### ${transportNames[transport]}`, standings(inTransport), everybody(inTransport));
  }
  parts.push(waiting(rows));
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function describe(rows: readonly Row[], circumstances: Circumstances): string {
  const { date, machine, node, server, method, measurements, disturbed } = circumstances;
  const versions = Object.entries(lineup).flatMap(([name, { title }]) => {
    const version = rows.map((row) => find(row, name)?.version).find((found) => found !== undefined);
    // A setting of a library has its version; so has "ioredis 5", more exactly.
    return version === undefined ? [] : `${title.replace(/,.*| 5$/, "")} ${version}`;
  });
  const noise =
    disturbed === 0
      ? "nobody else used the machine"
      : `others used it during ${disturbed} of ${measurements} measurements`;
  return [
    `Measured ${date}: ${machine}; Node ${node}; ${server}; client and server on the same machine.`,
    `${[...new Set(versions)].join(", ")}.`,
    `${method[0]?.toUpperCase()}${method.slice(1)}, all in turns, each in a process of its own; ${noise}.`,
  ].join("\n");
}

const cells = (values: readonly string[]): string => `| ${values.join(" | ")} |`;

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = head.map((_, i) => (i === 0 ? "---" : "--:"));
  return [cells(head), cells(line), ...body.map(cells)].join("\n");
}

const times = (value: number | null | undefined): string => (value == null ? "–" : value.toFixed(2));

/** Redoubt against the best of the others, and against the bare socket; what has to be reached in brackets. */
function standings(rows: readonly Row[]): string {
  const head = [
    "",
    "Redoubt",
    "best peer",
    "times the peer (goal)",
    "of the bare socket (goal)",
    "CPU per command",
    "limit",
  ];
  const body = rows.flatMap((row) => {
    const found = standing(row);
    if (found === null) return [];
    const { ours, best, overPeer, ofRaw } = found;
    const goal = row.shape.goal[row.transport];
    const against = (value: number | null, due: number | undefined): string =>
      value === null || due === undefined
        ? times(value)
        : `${value >= due ? times(value) : `**${times(value)}**`} (${due})`;
    const micros = ours.clientMicros === undefined ? "–" : `${ours.clientMicros.toFixed(2)} µs`;
    return [
      [
        row.shape.title,
        amount(ours.value, row.shape),
        best === undefined
          ? "–"
          : `${amount(best.value, row.shape)}, ${lineup[best.contender]?.title ?? best.contender}`,
        against(overPeer, goal.peer),
        against(ofRaw, goal.raw),
        micros,
        bottleneck(ours),
      ],
    ];
  });
  return table(head, body);
}

/** Everybody's figures. */
function everybody(rows: readonly Row[]): string {
  const names = [...Object.keys(lineup), rawSocket].filter((name) => rows.some((row) => find(row, name)));
  const head = ["", ...names.map((name) => lineup[name]?.title ?? "bare socket")];
  const body = rows.map((row) => [
    row.shape.title,
    ...names.map((name) => {
      const each = find(row, name);
      return each === undefined ? "–" : amount(each.value, row.shape);
    }),
  ]);
  return table(head, body);
}

/** Latency of single commands, and what full load does to the event loop and to memory. */
function waiting(rows: readonly Row[]): string {
  const timed = rows.filter(({ all }) => all.some(({ p50Micros }) => p50Micros !== undefined));
  const busiest = rows.filter(({ name }) => name === "get512" || name === "lrange500");
  const parts = [
    perClient("### Waiting: p50 and p99 of single commands", timed, ({ p50Micros, p99Micros }) =>
      p50Micros === undefined ? null : `${p50Micros.toFixed(0)} / ${p99Micros?.toFixed(0)} µs`,
    ),
    perClient("### Under full load: delay of the event loop (p99), resident memory", busiest, (each) =>
      each.loopP99Millis === undefined
        ? null
        : `${each.loopP99Millis.toFixed(1)} ms, ${each.residentMiB?.toFixed(0)} MiB`,
    ),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** A table with a column for each client; empty without rows. */
function perClient(heading: string, rows: readonly Row[], figure: (each: Summary) => string | null): string {
  if (rows.length === 0) return "";
  const names = Object.keys(lineup).filter((name) => rows.some((row) => find(row, name)));
  const head = ["", ...names.map((name) => lineup[name]?.title ?? name)];
  const body = rows.map((row) => [
    `${row.shape.title}, ${row.transport}`,
    ...names.map((name) => {
      const each = find(row, name);
      return (each && figure(each)) ?? "–";
    }),
  ]);
  return `${heading}\n\n${table(head, body)}`;
}
