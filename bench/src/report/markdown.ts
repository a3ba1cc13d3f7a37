import { lineup, rawSocket } from "../clients/lineup.ts";
import { bottleneck, find, type Row, type Summary, standing } from "../comparison.ts";
import type { Profile, Transport } from "../measurement.ts";
import { amount } from "../print.ts";
import { kindsOfWork } from "../probes/profile.ts";
import { whyBelow } from "../reason.ts";
import { allRows, type Part } from "./record.ts";

const transportNames: Readonly<Record<Transport, string>> = { tls: "Over TLS", tcp: "Over plain TCP" };

/** All that was measured, as Markdown: circumstances, versions, for each transport two tables, what is below its goal. */
export function formatReport(parts: readonly Part[]): string {
  const rows = allRows(parts);
  const usual = rows.filter(({ node }) => node === null);
  const blocks = [describe(parts, rows), "![Commands per second over TLS](performance.svg)"];
  for (const transport of ["tls", "tcp"] as const) {
    const inTransport = usual.filter((row) => row.transport === transport);
    if (inTransport.length === 0) continue;
    blocks.push(`### ${transportNames[transport]}`, standings(inTransport), everybody(inTransport));
  }
  blocks.push(waiting(usual), belowGoal(usual), otherNodes(rows));
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function describe(parts: readonly Part[], rows: readonly Row[]): string {
  const versions = Object.entries(lineup).flatMap(([name, { title }]) => {
    const version = rows.map((row) => find(row, name)?.version).find((found) => found !== undefined);
    // A setting of a library has its version; so has "ioredis 5", more exactly.
    return version === undefined ? [] : `${title.replace(/,.*| 5$/, "")} ${version}`;
  });
  return [
    `${[...new Set(versions)].join(", ")}. Client and server on the same machine, all in turns, each in a process of its own.`,
    "",
    ...parts.map(describePart),
  ].join("\n");
}

function describePart({ circumstances, rows }: Part): string {
  const { date, machine, node, server, method, measurements, disturbed } = circumstances;
  const noise =
    disturbed === 0
      ? "nobody else used the machine"
      : `others used it during ${disturbed} of ${measurements} measurements`;
  const what = ["tls", "tcp"].flatMap((transport) => {
    const count = rows.filter((row) => row.transport === transport).length;
    return count === 0
      ? []
      : `${count} ${count === 1 ? "row" : "rows"} over ${transport === "tls" ? "TLS" : "TCP"}`;
  });
  return `- ${date}, ${what.join(" and ")}: ${method}; Node ${node}; ${server}; ${machine}; ${noise}.`;
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
    const { clientMicros } = ours;
    const micros =
      clientMicros === undefined ? "–" : `${clientMicros.toFixed(clientMicros < 100 ? 2 : 0)} µs`;
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

/** For each row below its goal one line that says why, and where the time of ours went. */
function belowGoal(rows: readonly Row[]): string {
  const below = rows.flatMap((row) => {
    const why = whyBelow(row);
    return why === null ? [] : [[row, why] as const];
  });
  if (below.length === 0) return "";
  const lines = below.map(([row, why]) => {
    const found = standing(row);
    const goal = row.shape.goal[row.transport];
    const stands = [
      goal.peer === undefined ? [] : `${times(found?.overPeer)} of ${goal.peer} times the peer`,
      goal.raw === undefined ? [] : `${times(found?.ofRaw)} of ${goal.raw} of the bare socket`,
    ].flat();
    return `- **${row.shape.title}**, ${row.transport}, ${stands.join(", ")}: ${why}.`;
  });
  const parts = ["### Below the goal, and why", lines.join("\n")];
  const profiled = below.flatMap(([row]) => (row.profile === undefined ? [] : [[row, row.profile] as const]));
  if (profiled.length > 0) parts.push(profiles(profiled));
  return parts.join("\n\n");
}

/** Functions that are named for a row. */
const named = 5;

/** Where the time went, by kind of work and by function. */
function profiles(profiled: readonly (readonly [Row, Profile])[]): string {
  const kinds = kindsOfWork.filter((kind) =>
    profiled.some(([, profile]) => shareOf(profile, kind) !== undefined),
  );
  const byKind = profiled.map(([{ shape, transport }, profile]) => [
    `${shape.title}, ${transport}`,
    ...kinds.map((kind) => {
      const share = shareOf(profile, kind);
      return share === undefined ? "–" : `${share.toFixed(0)} %`;
    }),
  ]);
  const byFunction = profiled.map(([{ shape, transport }, profile]) => {
    const most = profile.functions
      .filter(([name]) => !name.startsWith("("))
      .slice(0, named)
      .map(([name, share]) => `\`${name}\` ${share.toFixed(0)} %`);
    return `- ${shape.title}, ${transport}: ${most.join(", ")}.`;
  });
  return [
    "Where Redoubt's time went in these rows, by what it was spent on:",
    table(["", ...kinds], byKind),
    "And the functions with most of it:",
    byFunction.join("\n"),
  ].join("\n\n");
}

function shareOf(profile: Profile, kind: string): number | undefined {
  return profile.kinds.find(([name]) => name === kind)?.[1];
}

/** The rows of other versions of Node, a table for each. */
function otherNodes(rows: readonly Row[]): string {
  const versions = [...new Set(rows.flatMap(({ node }) => node ?? []))].toSorted();
  if (versions.length === 0) return "";
  const tables = versions.map(
    (version) => `Node ${version}:\n\n${standings(rows.filter(({ node }) => node === version))}`,
  );
  return [
    "### Other Node versions",
    "Over TLS, with fewer shapes; each has its own best peer.",
    ...tables,
  ].join("\n\n");
}
