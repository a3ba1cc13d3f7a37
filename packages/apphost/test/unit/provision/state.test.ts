import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type SavedDeployment, StateFile, statePath } from "../../../src/provision/state.ts";

const deployment = (state: SavedDeployment["state"]): SavedDeployment => ({
  id: "/x",
  place: { kind: "tenant" },
  checksum: "c",
  state,
  begun: "2026-01-01T00:00:00.000Z",
  outputs: { a: 1 },
  resources: [],
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "redoubt-state-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

test("At every step of writing there is the state before or the one after, whole", async () => {
  const path = await folder();
  const seen: string[] = [];
  const look = (what: string): void => void seen.push(what);
  const state = await StateFile.open({ folder: path, app: "a", environment: "Production", step: look });
  await state.put("one", deployment("Running"));
  const before = await readFile(statePath(path, "Production"), "utf8");
  seen.length = 0;
  const during: string[] = [];
  const other = state.put("one", deployment("Succeeded"));
  while (seen.length < 3) {
    during.push(await readFile(statePath(path, "Production"), "utf8"));
  }
  await other;
  const after = await readFile(statePath(path, "Production"), "utf8");
  expect(JSON.parse(before)).toMatchObject({ deployments: { one: { state: "Running" } } });
  expect(JSON.parse(after)).toMatchObject({ deployments: { one: { state: "Succeeded" } } });
  expect(during.length).toBeGreaterThan(0);
  expect(during.every((text) => text === before || text === after)).toBe(true);
  await state[Symbol.asyncDispose]();
  expect(await readdir(path)).toEqual(["deployments.production.json"]);
});

test("Many changes at once are all kept, and read again", async () => {
  const path = await folder();
  const names = Array.from({ length: 30 }, (_, index) => `unit-${index}`);
  {
    await using state = await StateFile.open({ folder: path, app: "a", environment: "Production" });
    await Promise.all(names.map((name) => state.put(name, deployment("Succeeded"))));
  }
  await using state = await StateFile.open({ folder: path, app: "a", environment: "production" });
  expect([...state.names].sort()).toEqual([...names].sort());
  expect(state.get("unit-7")).toEqual(deployment("Succeeded"));
  expect(state.get("constructor")).toBeNull();
  await state.forget("unit-7");
  expect(state.get("unit-7")).toBeNull();
});

test("An environment has a name that is one of a file", async () => {
  await expect(StateFile.open({ folder: "/nowhere", app: "a", environment: "../x" })).rejects.toMatchObject({
    code: "CONFIG_INVALID_VALUE",
  });
});
