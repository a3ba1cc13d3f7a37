import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { serviceOptionPage } from "../../../src/catalog/option-page.ts";

test("services-options.md is what the tables give", () => {
  const page = new URL("../../../../../docs/guide/services-options.md", import.meta.url);
  expect(readFileSync(page, "utf8")).toBe(serviceOptionPage());
});
