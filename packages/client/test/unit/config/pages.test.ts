import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { optionPage } from "../../../src/config/option-page.ts";
import { dictionaryOf, optionNames, wordsOf } from "../../../src/config/option-table.ts";
import { parse } from "../../../src/config/parse.ts";
import { type Deviation, deviations } from "./corpus.ts";

const page = (name: string) =>
  readFileSync(new URL(`../../../../../docs/guide/${name}`, import.meta.url), "utf8");

/** A deviation as its row in the page. */
function rowOf({ library, input, does, redoubt, why, only }: Deviation): string {
  const ours =
    "error" in redoubt
      ? `\`${redoubt.error}\``
      : [
          redoubt.endpoints?.join(", "),
          `TLS ${redoubt.tls === true ? "on" : "off"}`,
          ...(redoubt.username ? [`user \`${redoubt.username}\``] : []),
          ...(redoubt.password ? [`password \`${redoubt.password}\``] : []),
        ].join(", ");
  const mode = only === undefined ? "" : only === "named" ? " (dialect named)" : " (dialect recognised)";
  return `| ${library} | \`${input}\`${mode} | ${does} | ${ours} | ${why} |`;
}

describe("documentation", () => {
  test("options.md is what the option table gives", () => {
    expect(page("options.md")).toBe(optionPage());
  });

  test("connection-strings-deviations.md lists the deviations that the tests check, and no others", () => {
    const rows = page("connection-strings-deviations.md")
      .split("\n")
      .filter((line) => /^\| (ServiceStack|StackExchange)\.Redis \|/.test(line));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(deviations.map(rowOf));
  });

  test("connection-strings.md says of each example what it means", () => {
    const rows = [...page("connection-strings.md").matchAll(/^\| `(.+)` \| (\S+) \| (.+) \| (on|off) \|$/gm)];
    expect(rows.length).toBeGreaterThan(10);
    for (const [, text = "", dialect, address, tls] of rows) {
      const target = parse(text);
      const endpoints = target.endpoints.map(({ host, port }) => `${host}:${port}`).join(" ");
      expect([target.dialect, endpoints, target.tls.enabled ? "on" : "off"]).toEqual([dialect, address, tls]);
    }
  });

  test("every option has a word in some dialect, and no dialect has a word for two options", () => {
    for (const dialect of ["url", "servicestack", "stackexchange", "redis-cli", "env"] as const) {
      const words = optionNames.flatMap((name) => wordsOf(name, dialect));
      expect(words.length).toBeGreaterThan(0);
      expect(dictionaryOf(dialect).size).toBe(words.length);
    }
  });
});
