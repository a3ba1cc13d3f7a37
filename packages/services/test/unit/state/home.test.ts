import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { homeFolder } from "../../../src/state/home.ts";

test("what is given comes first, then REDOUBT_HOME, then XDG_DATA_HOME, then the folder of the user", () => {
  const environment = { REDOUBT_HOME: "/a", XDG_DATA_HOME: "/b" };
  expect(homeFolder("/given", environment)).toBe("/given");
  expect(homeFolder(undefined, environment)).toBe("/a");
  expect(homeFolder(undefined, { XDG_DATA_HOME: "/b" })).toBe("/b/redoubt");
  expect(homeFolder(undefined, {})).toBe(join(homedir(), ".local/share/redoubt"));
});

test("an empty variable and a relative XDG_DATA_HOME do not count", () => {
  const fallback = join(homedir(), ".local/share/redoubt");
  expect(homeFolder("", { REDOUBT_HOME: "", XDG_DATA_HOME: "b" })).toBe(fallback);
});
