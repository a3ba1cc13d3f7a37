import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { globalOptions } from "../../../src/stunnel/options/global-options.ts";
import { stunnelOptionPage } from "../../../src/stunnel/options/option-page.ts";
import { serviceOptions } from "../../../src/stunnel/options/service-options.ts";
import { unsupportedOptions } from "../../../src/stunnel/options/unsupported-options.ts";

const page = readFileSync(new URL("../../../../../docs/guide/stunnel.md", import.meta.url), "utf8");

test("the page of stunnel.conf holds the table of options as it is", () => {
  expect(page).toContain(stunnelOptionPage());
});

test("no option is both understood and refused, and none is spelled in two ways", () => {
  const understood = new Set([...Object.keys(globalOptions), ...Object.keys(serviceOptions)]);
  const refused = Object.keys(unsupportedOptions);
  expect(understood.size).toBeGreaterThan(50);
  expect(refused.filter((name) => understood.has(name))).toEqual([]);
  const folded = [...understood, ...refused].map((name) => name.toLowerCase());
  expect(new Set(folded).size).toBe(folded.length);
});
