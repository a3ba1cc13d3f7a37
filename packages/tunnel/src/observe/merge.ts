/** How the values of a series of several processes become one; all others are added up. */
const joined: readonly (readonly [ending: string, join: (one: number, other: number) => number])[] = [
  // Up is what all of them can reach.
  ["_up", Math.min],
  ["_timestamp_seconds", Math.min],
];

/**
 * The metrics of several processes that share one port, as one text: counts are added up.
 * @param texts each as `Metrics` writes it
 */
export function mergeMetrics(texts: readonly string[]): string {
  const comments = new Map<string, string[]>();
  const values = new Map<string, Map<string, number>>();
  for (const text of texts) {
    let family = "";
    for (const line of text.split("\n")) {
      if (line === "") continue;
      if (line.startsWith("# ")) {
        family = line.split(" ")[2] ?? "";
        const known = comments.get(family) ?? [];
        if (!known.includes(line)) comments.set(family, [...known, line]);
        continue;
      }
      const at = line.lastIndexOf(" ");
      const [series, value] = [line.slice(0, at), Number(line.slice(at + 1))];
      const members = values.get(family) ?? new Map<string, number>();
      const before = members.get(series);
      members.set(series, before === undefined ? value : joinOf(family)(before, value));
      values.set(family, members);
    }
  }
  const lines = [...comments].flatMap(([family, heads]) => [
    ...heads,
    ...[...(values.get(family) ?? [])].map(([series, value]) => `${series} ${value}`),
  ]);
  return `${lines.join("\n")}\n`;
}

function joinOf(family: string): (one: number, other: number) => number {
  return joined.find(([ending]) => family.endsWith(ending))?.[1] ?? ((one, other) => one + other);
}
