import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Host, runs } from "../host.ts";

const command = promisify(execFile);

const loop = `setInterval(() => {}, 1000); console.log("pid", process.pid);`;
const deaf = `process.on("SIGTERM", () => {}); ${loop}`;

/** A Redis and a program; the program has a child of its own. */
const app = `
const cache = builder.addRedis("cache");
builder.addExecutable("web", process.execPath, ".", ["-e", ${JSON.stringify(
  `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(loop)}], { stdio: "inherit" }); ${loop}`,
)}]).withReference(cache).waitFor(cache);
`;

/** Process ids of all that runs for the app in the folder: programs, and servers by the ledger. */
async function everything(host: Host): Promise<number[]> {
  await host.says(/All \d+ resources are healthy after \d+\.\d s\./);
  await expect.poll(() => host.pids.length).toBe(2);
  const { stdout } = await command("find", [join(host.folder, "home"), "-name", "processes.json"]);
  const entries = JSON.parse(await readFile(stdout.trim(), "utf8")) as { resource: string; pid: number }[];
  expect(entries.map(({ resource }) => resource).sort()).toEqual(["cache", "web"]);
  return [...new Set([...host.pids, ...entries.map(({ pid }) => pid)])];
}

async function allGone(pids: readonly number[], timeout = 12_000): Promise<void> {
  await expect
    .poll(async () => (await Promise.all(pids.map(runs))).filter(Boolean).length, { timeout })
    .toBe(0);
}

test("Ctrl-C stops everything, says so, and the exit code is 130", async () => {
  const host = await Host.start(await Host.folder(), app);
  const pids = await everything(host);
  expect(pids).toHaveLength(3);
  host.child.kill("SIGINT");
  expect(await host.ended).toBe(130);
  expect(host.stderr).toContain("SIGINT: stopping.");
  expect(host.stdout).toMatch(/^web {4,}\| pid \d+$/m);
  await allGone(pids, 1_000);
  const { stdout } = await command("find", [join(host.folder, "home"), "-name", "running.json"]);
  expect(stdout).toBe("");
});

test("a program that does not listen is killed within ten seconds, and at once by a second Ctrl-C", async () => {
  const text = `builder.addExecutable("deaf", process.execPath, ".", ["-e", ${JSON.stringify(deaf)}]);`;
  const [patient, hasty] = await Promise.all([
    Host.start(await Host.folder(), text),
    Host.start(await Host.folder(), text),
  ]);
  await expect.poll(() => [patient.pids.length, hasty.pids.length]).toEqual([1, 1]);
  const begun = performance.now();
  patient.child.kill("SIGINT");
  hasty.child.kill("SIGINT");
  await hasty.says("SIGINT: stopping.");
  hasty.child.kill("SIGINT");
  expect(await hasty.ended).toBe(130);
  expect(performance.now() - begun).toBeLessThan(5_000);
  await allGone(hasty.pids, 1_000);
  expect(await patient.ended).toBe(130);
  expect(performance.now() - begun).toBeLessThan(14_000);
  await allGone(patient.pids, 1_000);
});

test("kill -9 of the host leaves neither programs nor servers", async () => {
  const host = await Host.start(await Host.folder(), app);
  const pids = await everything(host);
  host.child.kill("SIGKILL");
  expect(await host.ended).toBe("SIGKILL");
  await allGone(pids);
});

test("what is left where even the guards were killed, the next run ends", async () => {
  const folder = await Host.folder();
  const host = await Host.start(folder, app);
  const pids = await everything(host);
  const { stdout } = await command("ps", ["-o", "pid=", "--ppid", String(host.child.pid)]);
  const children = stdout
    .split("\n")
    .map(Number)
    .filter((pid) => pid > 0);
  const guards = children.filter((pid) => !pids.includes(pid));
  expect(guards.length).toBeGreaterThanOrEqual(2);
  // Stopped first, so that none of them notices that the others are gone.
  for (const pid of [...guards, host.child.pid ?? 0]) process.kill(pid, "SIGSTOP");
  for (const pid of [...guards, host.child.pid ?? 0]) process.kill(pid, "SIGKILL");
  await host.ended;
  expect((await Promise.all(pids.map(runs))).filter(Boolean)).toHaveLength(pids.length);

  const next = await Host.start(folder, `builder.addExecutable("job", "true", ".");`);
  await next.says("job: Finished");
  await allGone(pids, 1_000);
  expect(next.stdout).toContain("an earlier run had left something running; it was ended");
  next.child.kill("SIGTERM");
  expect(await next.ended).toBe(130);
});

test("a second run of the same file is refused, with the process that runs it", async () => {
  const folder = await Host.folder();
  const text = `builder.addExecutable("web", process.execPath, ".", ["-e", ${JSON.stringify(loop)}]);`;
  const first = await Host.start(folder, text);
  await expect.poll(() => first.pids.length).toBe(1);
  const second = await Host.start(folder, text);
  expect(await second.ended).toBe(1);
  expect(second.stderr).toContain(`runs already, in process ${first.child.pid}`);
  expect(await runs(first.pids[0] ?? 0)).toBe(true);
});

test("without a terminal a missing parameter is told with the variable that sets it, and the rest runs", async () => {
  const host = await Host.start(
    await Host.folder(),
    `const key = builder.addParameter("api-key", { secret: true });
     builder.addExecutable("user", "true", ".").withEnvironment("KEY", key);
     builder.addExecutable("other", "true", ".");`,
  );
  await host.says("other: Finished");
  await host.says("api-key: ValueMissing: no value: set Parameters__api_key");
  await host.says(/user: Waiting: waits for api-key \(ValueMissing/);
  host.child.kill("SIGINT");
  expect(await host.ended).toBe(130);
});
