import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checks } from "../../../src/checks/all.ts";
import { checkRows } from "../../../src/checks/rows.ts";

const ids = Object.keys(checkRows);

test("every row of the table has a check, and every check a row", () => {
  expect(checks.map(({ id }) => id)).toEqual(ids);
});

test("likelihoods are between 0 and 1", () => {
  for (const { likelihood } of Object.values(checkRows)) {
    expect(likelihood).toBeGreaterThan(0);
    expect(likelihood).toBeLessThan(1);
  }
});

describe("pages", () => {
  const folder = new URL("../../../../../docs/doctor/", import.meta.url);
  const sections = ["Meaning", "How it looks", "Causes", "Fix", "Check it"];

  test.each(ids)("%s has one, with all its parts", (id) => {
    const file = new URL(`${id}.md`, folder);
    expect(existsSync(file)).toBe(true);
    const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, text]) => text);
    expect(headings).toEqual([id, ...sections]);
  });

  test("there is none besides", () => {
    expect(readdirSync(folder).toSorted()).toEqual(ids.map((id) => `${id}.md`).toSorted());
  });
});
