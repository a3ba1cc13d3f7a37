import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { type ServerOptions, startServer } from "../../src/index.ts";
import { first } from "./dial.ts";

// The parent must be a process of its own, so it runs the built package.
beforeAll(() => {
  execFileSync("../../node_modules/.bin/tsc", ["-b", "."], { cwd: join(import.meta.dirname, "../..") });
}, 60_000);

test("kill -9 of the parent takes server, folder and guard with it", async () => {
  const { parent, pid, folder } = await orphan("wait");
  expect(existsSync(folder)).toBe(true);
  expect(guards(folder)).toHaveLength(1);
  parent.kill("SIGKILL");
  expect(await leftovers(pid, folder)).toEqual([]);
});

test("Ctrl-C in the terminal, which reaches the parent's process group, does so, too", async () => {
  const { parent, pid, folder } = await orphan("wait");
  process.kill(-(parent.pid as number), "SIGINT");
  expect(await leftovers(pid, folder)).toEqual([]);
});

test("a parent that forgets to stop the server still ends, and the server with it", async () => {
  const { parent, pid, folder } = await orphan("forget");
  if (parent.exitCode === null) await once(parent, "exit", { signal: AbortSignal.timeout(20_000) });
  expect(parent.exitCode).toBe(0);
  expect(await leftovers(pid, folder)).toEqual([]);
});

test("a server that does not react is killed, and its parent's data stays", async () => {
  const directory = await mkdtemp(join(tmpdir(), "redoubt-data-"));
  try {
    const { parent, pid, folder } = await orphan("wait", { directory });
    process.kill(pid, "SIGSTOP");
    parent.kill("SIGKILL");
    expect(await leftovers(pid, folder)).toEqual([]);
    expect(existsSync(join(directory, "appendonlydir"))).toBe(true);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("after stop() there is no guard left", async () => {
  const server = await startServer();
  const folder = dirname(server.caFile);
  expect(guards(folder)).toHaveLength(1);
  await server.stop();
  expect(guards(folder)).toHaveLength(0);
});

test("a failed start leaves neither folder nor guard", async () => {
  const before = guards("redoubt-server-", process.pid);
  await expect(startServer({ config: ["nonsense"] })).rejects.toThrow("nonsense");
  expect(guards("redoubt-server-", process.pid)).toEqual(before);
});

async function orphan(then: "wait" | "forget", options: ServerOptions = {}) {
  const script = join(import.meta.dirname, "orphan.mjs");
  const parent: ChildProcess = spawn(process.execPath, [script, JSON.stringify(options), then], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const said = parent.stdout === null ? "" : await first(parent.stdout);
  const { pid, caFile } = JSON.parse(said) as { pid: number; caFile: string };
  return { parent, pid, folder: dirname(caFile) };
}

/** Parents and command lines of the guards over a folder, of all parents or one. */
function guards(folder: string, parent?: number): string[] {
  const all = execFileSync("ps", ["-eo", "ppid,args"], { encoding: "utf8" }).split("\n");
  return all.filter(
    (line) =>
      line.includes("redoubt-guard") &&
      line.includes(folder) &&
      (parent === undefined || Number.parseInt(line, 10) === parent),
  );
}

/** What is left of a server some seconds after its parent's end, at the latest. */
async function leftovers(pid: number, folder: string): Promise<unknown[]> {
  const look = () =>
    [isThere(pid) && `process ${pid}`, existsSync(folder) && folder, ...guards(folder)].filter(Boolean);
  const deadline = Date.now() + 30_000;
  while (look().length > 0 && Date.now() < deadline) await delay(50);
  return look();
}

/** True for zombies, too. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
