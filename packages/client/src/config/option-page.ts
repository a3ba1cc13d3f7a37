import { type OptionName, optionNames, optionRow, wordsOf } from "./option-table.ts";
import type { Dialect } from "./target.ts";

const dialects: readonly (readonly [Dialect, string])[] = [
  ["url", "URL"],
  ["servicestack", "ServiceStack"],
  ["stackexchange", "StackExchange.Redis"],
  ["redis-cli", "redis-cli"],
  ["env", "Environment"],
];

/** The page `docs/guide/options.md`, made from the option table. */
export function optionPage(): string {
  const head = ["Option", "Type", "Default", ...dialects.map(([, title]) => title), "Meaning"];
  const rows = optionNames.map((name) => [
    `\`${name}\`${optionRow(name).secret ? " (secret)" : ""}`,
    typeText(name),
    optionRow(name).default,
    ...dialects.map(([dialect]) => words(name, dialect)),
    `${optionRow(name).meaning}${effectText(name)}`,
  ]);
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    "# Options of connection strings",
    "",
    "Made from the option table of `@redoubt/client` (`packages/client/src/config/option-table.ts`); a test compares them.",
    "A cell lists the words of a dialect for the option, the one that Redoubt writes first; `(s)` where it counts seconds.",
    "Letter case does not matter, except for redis-cli. An environment variable has the name of its resource in front:",
    "`CACHE_PASSWORD`.",
    "",
    line(head),
    line(head.map(() => "---")),
    ...rows.map(line),
    "",
  ].join("\n");
}

function typeText(name: OptionName): string {
  const { type } = optionRow(name);
  return type === "duration" ? "ms" : type;
}

function words(name: OptionName, dialect: Dialect): string {
  return wordsOf(name, dialect)
    .map(({ word, unit }) => `\`${dialect === "env" ? `…_${word}` : word}\`${unit === "s" ? " (s)" : ""}`)
    .join(", ");
}

function effectText(name: OptionName): string {
  const { effect } = optionRow(name);
  if (effect === "ignored") return " Accepted and ignored.";
  return effect === "kept" ? " Kept in `target.options`." : "";
}
