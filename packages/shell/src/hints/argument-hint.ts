import type { CommandDoc } from "./command-doc.ts";

/** One part of a syntax: a word, or what stands in brackets. */
const part = /\[(?:[^[\]]|\[(?:[^[\]]|\[[^[\]]*\])*\])*\]|[^\s[\]]+/g;

/**
 * What may still come behind a line, to be shown in grey; empty where nothing is known.
 * @param words of the line so far
 * @param endsInBlank whether the next word has begun
 */
export function argumentHint(
  docs: readonly CommandDoc[],
  words: readonly string[],
  endsInBlank: boolean,
): string {
  const upper = words.map((word) => word.toUpperCase());
  const doc =
    docs.find(({ name }) => name === `${upper[0]} ${upper[1]}`) ?? docs.find(({ name }) => name === upper[0]);
  if (doc === undefined) return "";
  const given = words.length - doc.name.split(" ").length;
  const parts = doc.syntax.match(part) ?? [];
  const required = parts.findIndex((one) => one.startsWith("["));
  const fixed = required < 0 ? parts.length : required;
  // What may be left out may come in any order: it is shown until the line is longer than everything.
  if (given > parts.length) return "";
  const rest = given <= fixed ? parts.slice(given) : parts.slice(fixed).slice(given - fixed);
  if (rest.length === 0) return "";
  return (endsInBlank ? "" : " ") + rest.join(" ");
}
