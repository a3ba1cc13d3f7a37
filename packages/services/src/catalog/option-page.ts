import { allowed } from "./option-check.ts";
import type { OptionRow } from "./option-row.ts";
import { optionTables } from "./option-table.ts";
import { serviceTypeNames, serviceTypes } from "./service-types.ts";

/** The page `docs/guide/services-options.md`, made from the tables of options. */
export function serviceOptionPage(): string {
  return [
    "# Options of services: `user_config`",
    "",
    "Made from the tables of `@redoubt/services` (`packages/services/src/catalog/options/`); a test compares them. Names, types,",
    "ranges and defaults are those that managed services publish. Set them with `redoubt service update NAME -c KEY=VALUE`, take",
    "them back with `--remove-option KEY`.",
    "",
    ...serviceTypeNames.flatMap((type) => [
      `## ${serviceTypes[type].title}`,
      "",
      line(["Option", "Takes", "Default", "Meaning", "What it does here"]),
      line(["---", "---", "---", "---", "---"]),
      ...[...optionTables[type]].flatMap(([name, row]) => rows(name, row)),
      "",
    ]),
  ].join("\n");
}

function rows(name: string, row: OptionRow): string[] {
  const whole = line([
    `\`${name}\`${row.createOnly ? " (create only)" : ""}`,
    row.type.kind === "group" ? "its fields" : escaped(allowed(row.type)),
    shown(row),
    row.meaning,
    `${row.here}${row.effect.by === "directive" && !row.effect.live && !row.here.includes("restart") ? " Restarts it." : ""}`,
  ]);
  if (row.type.kind !== "group") return [whole];
  return [
    whole,
    ...Object.entries(row.type.fields).map(([field, known]) =>
      line([
        `\`${name}.${field}\`${known.secret ? " (secret)" : ""}${known.required ? " (required)" : ""}`,
        escaped(allowed(known.type)),
        shown(known),
        known.meaning,
        "",
      ]),
    ),
  ];
}

function shown({ default: value }: { readonly default?: unknown }): string {
  if (value === undefined) return "";
  return Array.isArray(value)
    ? value.map((item) => `\`${String(item)}\``).join(", ")
    : `\`${JSON.stringify(value)}\``;
}

function escaped(text: string): string {
  return text.replaceAll("{", "\\{");
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
