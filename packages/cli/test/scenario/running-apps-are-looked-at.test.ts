import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Run, type RunOptions, redoubt } from "./redoubt.ts";

const face = new URL("../../../apphost/dist/index.js", import.meta.url).href;

const text = `
import { createBuilder } from ${JSON.stringify(face)};
const builder = createBuilder();
const key = builder.addParameter("api-key", { secret: true });
const cache = builder.addRedis("cache");
builder
  .addExecutable("worker", process.execPath, ".", ["-e", "console.log('works with', process.env.KEY); setInterval(() => {}, 1000)"])
  .withReference(cache)
  .withEnvironment("KEY", key)
  .withCommand("greet", "Greet", () => Promise.resolve({ success: true, message: "hello" }))
  .withCommand("fail", "Fail", () => Promise.resolve({ success: false, message: "not today" }));
await builder.build().run();
`;

let folder: string;
let app: ChildProcess;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "redoubt-cli-app-"));
  environment = { REDOUBT_HOME: join(folder, "home") };
  const file = join(folder, "apphost.mjs");
  await writeFile(file, text);
  app = spawn(process.execPath, [file], { env: { ...process.env, ...environment }, stdio: "ignore" });
  await vi.waitUntil(async () => /^cache/m.test((await run("ps")).stdout), { timeout: 30_000, interval: 50 });
});
afterAll(async () => {
  if (app.exitCode === null) {
    app.kill("SIGKILL");
    await once(app, "exit");
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

function run(...words: string[]): Promise<Run> {
  return redoubt(words, { environment });
}

function runWith(options: RunOptions, ...words: string[]): Promise<Run> {
  return redoubt(words, { environment, ...options });
}

test("ps shows what resources are, and for whom they wait", async () => {
  const ready = await run("resource", "cache", "wait", "healthy", "--timeout", "30s");
  expect(ready).toMatchObject({ code: 0, stderr: "cache is Running, healthy.\n" });
  const { code, stdout } = await run("ps", "--json");
  expect(code).toBe(0);
  const [only, ...others] = JSON.parse(stdout) as { file: string; resources: Record<string, unknown>[] }[];
  expect(others).toEqual([]);
  expect(only?.file).toBe(join(folder, "apphost.mjs"));
  expect(only?.resources.map(({ name, state, health }) => [name, state, health])).toEqual([
    ["api-key", "ValueMissing", null],
    ["cache-password", "Running", "healthy"],
    ["cache", "Running", "healthy"],
    ["worker", "Waiting", null],
  ]);
  expect(only?.resources.at(-1)).toMatchObject({ waiting_for: ["api-key"] });
  expect((await run("ps", "--format", "{name}={state}")).stdout).toContain("cache=Running\n");
});

test("a parameter gets its value from stdin; then who waited runs, and no secret is printed", async () => {
  const given = await runWith({ stdin: "sesame-open\n" }, "resource", "api-key", "set-value");
  expect(given).toMatchObject({ code: 0, stderr: "api-key has its value.\n" });
  expect((await run("resource", "worker", "wait", "Running", "--timeout", "30s")).code).toBe(0);
  await expect.poll(async () => (await run("logs", "worker")).stdout).toContain("works with *****");
  const details = await run("resource", "worker", "--json");
  const { environment: seen, commands } = JSON.parse(details.stdout) as {
    environment: Record<string, string>;
    commands: { name: string }[];
  };
  expect(seen).toMatchObject({ KEY: "*****", ConnectionStrings__cache: "*****", CACHE_HOST: "localhost" });
  expect(commands.map(({ name }) => name)).toEqual(["start", "stop", "restart", "greet", "fail"]);
  const revealed = await run("resource", "worker", "--reveal");
  expect(revealed.stdout).toContain("sesame-open");
  const all = await Promise.all([run("ps", "--json"), run("logs", "--json"), run("resource", "worker")]);
  for (const { code, stdout, stderr } of all) {
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain("sesame-open");
  }
});

test("commands are given, and their outcome is the exit code", async () => {
  expect(await run("resource", "worker", "greet")).toMatchObject({ code: 0, stderr: "hello\n" });
  expect(await run("resource", "worker", "fail")).toMatchObject({ code: 1, stderr: "not today\n" });
  expect((await run("resource", "cache", "restart")).code).toBe(0);
  expect((await run("resource", "cache", "wait", "--timeout", "30s")).code).toBe(0);
  const unknown = await run("resource", "worker", "dance");
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain("it has start, stop, restart, greet, fail");
});

test("a connection string is printed only on demand, and works", async () => {
  const refused = await run("resource", "cache", "connection-string");
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  const { stdout } = await run("resource", "cache", "connection-string", "--reveal");
  const pinged = await redoubt(["ping", stdout.trim(), "--cacert", join(folder, "home/ca/ca.pem")], {
    environment,
  });
  expect(pinged.code).toBe(0);
});

test("what is asked wrongly is told", async () => {
  expect((await run("resource", "nobody")).stderr).toContain(
    "there are api-key, cache-password, cache, worker",
  );
  const elsewhere = await run("ps", "--app", "/nowhere/apphost.ts");
  expect(elsewhere.code).toBe(1);
  expect(elsewhere.stderr).toContain(join(folder, "apphost.mjs"));
  const none = await redoubt(["logs"], { environment: { REDOUBT_HOME: join(folder, "other") } });
  expect(none.code).toBe(1);
  expect(none.stderr).toContain("No app runs.");
});

test("ps --stop stops the app as Ctrl-C does", async () => {
  const followed = run("logs", "-f");
  await expect.poll(async () => (await run("ps")).code).toBe(0);
  expect((await run("ps", "--stop")).code).toBe(0);
  if (app.exitCode === null) await once(app, "exit");
  expect(app.exitCode).toBe(0);
  expect((await followed).code).toBe(0);
  expect((await run("ps")).stdout).toBe("");
});
