import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeFolder } from "../../../src/publish/folder.ts";

let root = "";
let folder = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "redoubt-publish-"));
  folder = join(root, "out");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (files: Readonly<Record<string, string>>, force = false) =>
  writeFolder(folder, new Map(Object.entries(files)), force);
const all = () => readdirSync(folder, { recursive: true }).map(String).sort();
const read = (path: string) => readFileSync(join(folder, path), "utf8");

test("a new folder has the files and the list of them", async () => {
  expect(await put({ "main.bicep": "m", "cache/cache.bicep": "c" })).toEqual({
    files: ["cache/cache.bicep", "main.bicep"],
    changed: ["cache/cache.bicep", "main.bicep"],
    removed: [],
  });
  expect(all()).toEqual([".redoubt-publish.json", "cache", "cache/cache.bicep", "main.bicep"]);
  expect(readdirSync(root)).toEqual(["out"]);
});

test("the same again changes nothing, and says so", async () => {
  await put({ a: "1" });
  const list = read(".redoubt-publish.json");
  expect(await put({ a: "1" })).toEqual({ files: ["a"], changed: [], removed: [] });
  expect(read(".redoubt-publish.json")).toBe(list);
});

test("what is not written any more goes, with folders that become empty", async () => {
  await put({ "old/old.bicep": "o", "kept/a": "1" });
  writeFileSync(join(folder, "kept/own"), "mine");
  expect(await put({ b: "2" })).toEqual({
    files: ["b"],
    changed: ["b"],
    removed: ["kept/a", "old/old.bicep"],
  });
  expect(all()).toEqual([".redoubt-publish.json", "b", "kept", "kept/own"]);
});

test("files of others are left alone", async () => {
  await put({ a: "1" });
  writeFileSync(join(folder, "README.md"), "mine");
  await put({ a: "2" });
  expect([read("README.md"), read("a")]).toEqual(["mine", "2"]);
});

describe("what would be lost is refused, and nothing is written", () => {
  test("a file of somebody else", async () => {
    await put({ a: "1" });
    writeFileSync(join(folder, "main.bicep"), "mine");
    await expect(put({ a: "2", "main.bicep": "m" })).rejects.toMatchObject({ code: "APP_PUBLISH" });
    await expect(put({ a: "2", "main.bicep": "m" })).rejects.toThrow(/main\.bicep would be lost/);
    expect([read("a"), read("main.bicep")]).toEqual(["1", "mine"]);
    await put({ a: "2", "main.bicep": "m" }, true);
    expect([read("a"), read("main.bicep")]).toEqual(["2", "m"]);
  });

  test("a file of ours that somebody has changed", async () => {
    await put({ a: "1" });
    writeFileSync(join(folder, "a"), "changed");
    await expect(put({ a: "2" })).rejects.toThrow(/would be lost/);
    expect(await put({ a: "changed" })).toMatchObject({ changed: [] });
    await expect(put({ a: "2" })).resolves.toMatchObject({ changed: ["a"] });
  });

  test("one of ours that somebody has changed and that goes stays", async () => {
    await put({ a: "1", b: "1" });
    writeFileSync(join(folder, "a"), "changed");
    expect(await put({ b: "1" })).toMatchObject({ removed: [] });
    expect(read("a")).toBe("changed");
  });

  test("a list that is none", async () => {
    await put({ a: "1" });
    writeFileSync(join(folder, ".redoubt-publish.json"), "{");
    await expect(put({ a: "1" })).rejects.toThrow(/is not as it was written/);
    await put({ a: "1" }, true);
    expect(JSON.parse(read(".redoubt-publish.json"))).toMatchObject({ version: 1 });
  });
});

test("after a crash between two files, either content counts as ours", async () => {
  await put({ a: "1", b: "1" });
  const list = JSON.parse(read(".redoubt-publish.json")) as { files: Record<string, string[]> };
  await put({ a: "2", b: "2" });
  const after = JSON.parse(read(".redoubt-publish.json")) as { files: Record<string, string[]> };
  // As it is when the process dies after the first rename.
  writeFileSync(join(folder, "b"), "1");
  const both = Object.fromEntries(
    Object.entries(after.files).map(([path, hashes]) => [path, [...(list.files[path] ?? []), ...hashes]]),
  );
  writeFileSync(join(folder, ".redoubt-publish.json"), JSON.stringify({ version: 1, files: both }));
  expect(await put({ a: "3", b: "3" })).toMatchObject({ changed: ["a", "b"] });
});

test("a folder that cannot be is an error that names it", async () => {
  writeFileSync(folder, "a file");
  await expect(put({ a: "1" })).rejects.toThrow(/out/);
  expect(existsSync(join(root, ".out"))).toBe(false);
  expect(readdirSync(root)).toEqual(["out"]);
});
