/**
 * Whether a name is one of those that a pattern means. `*` stands for any characters except a dot, anywhere:
 * `*.cache.example` is one label in front, `app-*` any such common name; `*` alone is every name. Upper and lower case
 * are one.
 */
export function matchesName(pattern: string, name: string): boolean {
  if (pattern === "*") return true;
  const wanted = pattern.toLowerCase();
  const given = name.toLowerCase();
  if (!wanted.includes("*")) return wanted === given;
  return expressionOf(wanted).test(given);
}

const expressions = new Map<string, RegExp>();

/** Patterns come from the configuration only: few, and always the same. */
function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const parts = pattern.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, "\\$&"));
  const made = new RegExp(`^${parts.join("[^.]*")}$`, "u");
  expressions.set(pattern, made);
  return made;
}

/** The first of some rows, in order of an exact name before patterns, whose name fits; undefined when none does. */
export function rowForName<Row extends { readonly names: readonly string[] }>(
  rows: readonly Row[],
  name: string,
): Row | undefined {
  const given = name.toLowerCase();
  return (
    rows.find(({ names }) => names.some((wanted) => wanted.toLowerCase() === given)) ??
    rows.find(({ names }) => names.some((wanted) => matchesName(wanted, given)))
  );
}
