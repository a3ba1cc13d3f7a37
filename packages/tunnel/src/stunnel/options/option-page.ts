import { globalOptions } from "./global-options.ts";
import type { OptionRow } from "./row.ts";
import { serviceOptions } from "./service-options.ts";
import { unsupportedOptions } from "./unsupported-options.ts";

/** The options of `stunnel.conf` as Markdown: for the process, for sections, and those that are refused. */
export function stunnelOptionPage(): string {
  return [
    "### For the process",
    "",
    "Before the first section.",
    "",
    ...table(globalOptions),
    "",
    "### For sections",
    "",
    "In a section; before the first one they are defaults for all that follow.",
    "",
    ...table(serviceOptions),
    "",
    "### Refused",
    "",
    "| Option | What to do instead |",
    "| --- | --- |",
    ...Object.entries(unsupportedOptions).map(([name, instead]) => `| \`${name}\` | ${cell(instead)} |`),
  ].join("\n");
}

function table(rows: Readonly<Record<string, OptionRow<unknown>>>): string[] {
  return [
    "| Option | Default | Meaning |",
    "| --- | --- | --- |",
    ...Object.entries(rows).map(
      ([name, { default: value, meaning, repeats }]) =>
        `| \`${name}\` | ${value === "" ? "" : `\`${value}\``} | ${cell(meaning)}${repeats ? " May be repeated." : ""} |`,
    ),
  ];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
