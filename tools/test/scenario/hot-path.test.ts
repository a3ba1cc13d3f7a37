import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runProgram } from "../program.ts";
import { root } from "../workbench.ts";

const budgets = JSON.parse(readFileSync(join(root, "bench/budgets.json"), "utf8")) as Record<string, object>;
const platform = `node ${process.versions.node.split(".")[0]} ${process.arch}`;
const loops = Object.keys(budgets["node 20 x64"] ?? {});

const guard = (...args: string[]) =>
  runProgram(process.execPath, [join(root, "bench/dist/guard/main.js"), "--heap", ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "" },
    timeout: 110_000,
  });

test("loops of the hot path are known, and have budgets", () => {
  expect(loops).toContain("get");
  expect(loops.length).toBeGreaterThanOrEqual(5);
});

// Each V8 has a budget of its own; `npm run bench:guard -- --heap --write` makes it.
test.skipIf(budgets[platform] === undefined)(
  "a command puts no more on the heap than its budget allows",
  async () => {
    const { code, output } = await guard();
    for (const loop of loops)
      expect(output).toMatch(new RegExp(`^ok +${loop} +[1-9]\\d+ bytes on the heap`, "m"));
    expect(code).toBe(0);
  },
);

test("a build that puts more on the heap is found", async () => {
  const built = join(root, "packages/client/dist");
  const folder = mkdtempSync(join(tmpdir(), "redoubt-worse-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const worse = join(folder, "dist");
  cpSync(built, worse, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  const file = join(worse, "net/in-flight.js");
  const source = readFileSync(file, "utf8");
  const wasteful = source.replace(
    /(this\.#modes\[slot\] = mode;)/,
    "$1 this.waste = [mode, mode, mode, mode];",
  );
  expect(wasteful).not.toBe(source);
  writeFileSync(file, wasteful);
  const { code, output } = await guard("--loops", "get", "--dist", worse, "--against", built);
  expect(output).toMatch(/^MORE get/m);
  expect(code).toBe(1);
});
