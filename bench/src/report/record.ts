import type { Row, Summary } from "../comparison.ts";
import type { Profile, Transport } from "../measurement.ts";
import { shapes } from "../shapes/table.ts";
import type { Circumstances } from "./circumstances.ts";

/** Rows that were measured together. */
export interface Part {
  readonly circumstances: Circumstances;
  readonly rows: readonly Row[];
}

/** A row as the file keeps it. */
interface KeptRow {
  readonly name: string;
  readonly transport: Transport;
  readonly node: string | null;
  readonly clients: readonly Summary[];
  readonly profile?: Profile;
}

const keyOf = ({ name, transport, node }: Pick<Row, "name" | "transport" | "node">): string =>
  `${node?.split(".")[0] ?? ""} ${transport} ${name}`;

/** What was measured before, without the rows that have been measured again; rows are in the order of the table of shapes. */
export function joined(before: readonly Part[], now: Part): readonly Part[] {
  const again = new Set(now.rows.map(keyOf));
  const remaining = before.map(({ circumstances, rows }) => ({
    circumstances,
    rows: rows.filter((row) => !again.has(keyOf(row))),
  }));
  return [...remaining, now].filter(({ rows }) => rows.length > 0);
}

/** All rows of several parts, in the order of the table of shapes. */
export function allRows(parts: readonly Part[]): readonly Row[] {
  const order = Object.keys(shapes);
  return parts.flatMap(({ rows }) => rows).toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** For programs that read the figures: what was measured together, its rows, in each the medians by client. */
export function toJson(parts: readonly Part[]): string {
  const measured = parts.map(({ circumstances, rows }) => ({
    ...circumstances,
    rows: rows.map(({ name, transport, node, shape: { title, unit, better, goal }, all, profile }) => ({
      name,
      transport,
      node,
      title,
      unit,
      better,
      goal: goal[transport],
      clients: all.map((summary) => ({ ...summary, profile: undefined })),
      profile,
    })),
  }));
  const short = (_key: string, value: unknown): unknown =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value;
  return `${JSON.stringify({ measured }, short, 2)}\n`;
}

/** {@link toJson} read again. Rows of shapes that are no more are left out. */
export function fromJson(text: string): readonly Part[] {
  const { measured = [] } = JSON.parse(text) as {
    measured?: (Circumstances & { rows: readonly KeptRow[] })[];
  };
  return measured.map(({ rows, ...circumstances }) => ({
    circumstances,
    rows: rows.flatMap(({ name, transport, node, clients, profile }) => {
      const shape = shapes[name];
      if (shape === undefined) return [];
      return [{ name, transport, node, shape, all: clients, ...(profile && { profile }) }];
    }),
  }));
}
