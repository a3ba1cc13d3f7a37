import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findingTable } from "../../../src/findings/table.ts";
import { checkNetwork } from "../../../src/report/check.ts";
import { exported } from "../exported.ts";
import { placeCases } from "./place-cases.ts";
import { wayCases } from "./way-cases.ts";
import { healthy } from "./worlds.ts";

const cases = [...wayCases, ...placeCases];

const found = (resources: readonly unknown[]) => checkNetwork(exported(...resources)).findings;

test("a healthy network has nothing but what is good to know", () => {
  expect(found(healthy).map(({ id }) => id)).toEqual(["console-unavailable", "cache-retiring"]);
});

test("every finding has a case", () => {
  expect(new Set(cases.map(({ id }) => id))).toEqual(new Set(Object.keys(findingTable)));
});

describe("a network that is ill in one way", () => {
  test.each(cases.map((one) => [`${one.id}: ${one.name}`, one] as const))(
    "%s",
    (_, { id, resources, says }) => {
      const findings = found(resources);
      const mine = findings.filter((one) => one.id === id);
      expect(mine.length, findings.map((one) => `${one.id}: ${one.message}`).join("\n")).toBeGreaterThan(0);
      const [first] = mine;
      if (says !== undefined) expect(mine.map(({ message }) => message).join("\n")).toMatch(says);
      expect(first?.fixes.length).toBeGreaterThan(0);
      expect(first?.page).toBe(`network/${id}.md`);
    },
  );
});

describe("pages", () => {
  const folder = new URL("../../../../../docs/network/", import.meta.url);
  const sections = ["Meaning", "How it looks", "Causes", "Fix", "Check it"];

  test.each(Object.keys(findingTable))("%s has one, with all its parts", (id) => {
    const file = new URL(`${id}.md`, folder);
    expect(existsSync(file)).toBe(true);
    const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, text]) => text);
    expect(headings).toEqual([id, ...sections]);
  });

  test("there is none besides", () => {
    const names = readdirSync(folder).map((name) => name.replace(/\.md$/, ""));
    expect(names.toSorted()).toEqual(Object.keys(findingTable).toSorted());
  });
});
