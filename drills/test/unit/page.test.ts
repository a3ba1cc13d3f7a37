import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { programme } from "../../src/programme.ts";

const page = readFileSync(new URL("../../../docs/guide/drills.md", import.meta.url), "utf8");

test("the guide has the drills that there are, in their order and as they are described", () => {
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect(headings).toEqual(programme.map(({ title }) => title));
  for (const { name, what } of programme) {
    expect(page).toContain(`\`npm run drill -- ${name}\``);
    expect(page).toContain(what);
  }
});
