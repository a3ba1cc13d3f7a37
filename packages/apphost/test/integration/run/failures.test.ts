import { createServer } from "node:net";
import { expect, test } from "vitest";
import { RunGround, webProgram, written } from "../../run-ground.ts";

test("a program that there is not fails with its name and the place in the file; the rest goes on", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const bad = app.addExecutable("bad", "no-such-program-here", ".");
  app.addExecutable("lost", process.execPath, "no-such-folder");
  app.addExecutable("needs-bad", process.execPath, ".", ["-e", ""]).waitFor(bad);
  app.addExecutable("good", process.execPath, ".", ["-e", "console.log('fine')"]);
  const engine = await ground.start(app);
  await engine.waitFor("good", "Finished", { timeout: 20_000 });
  const failed = await engine.waitFor("bad", "FailedToStart", { timeout: 20_000 });
  expect(failed.message).toContain("no program no-such-program-here on the PATH");
  expect(failed.message).toMatch(/failures\.test\.ts:\d+/);
  expect((await engine.waitFor("lost", "FailedToStart")).message).toContain("no-such-folder does not exist");
  await expect(engine.start("bad")).rejects.toMatchObject({ code: "APP_RESOURCE_FAILED" });
  const waiting = await engine.waitFor("needs-bad", "Waiting", { timeout: 20_000 });
  expect(waiting.waitingFor).toEqual(["bad"]);
  await expect
    .poll(() => engine.snapshot("needs-bad").message)
    .toMatch(/waits for bad \(FailedToStart: .*no-such-program/);
});

test("where it was chosen, who waits for one that has failed fails, too", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const bad = app.addExecutable("bad", "no-such-program-here", ".");
  app.addExecutable("needs-bad", process.execPath, ".", ["-e", ""]).waitFor(bad);
  const engine = await ground.start(app, { waitBehavior: "stop-on-resource-unavailable" });
  const failed = await engine.waitFor("needs-bad", "FailedToStart", { timeout: 20_000 });
  expect(failed.message).toMatch(/waits for bad \(FailedToStart/);
});

test("a job that ends with another exit code than the one that is waited for fails who waits", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const job = app.addExecutable("job", process.execPath, ".", ["-e", "process.exit(3)"]);
  app.addExecutable("after", process.execPath, ".", ["-e", ""]).waitForCompletion(job);
  app.addExecutable("also", process.execPath, ".", ["-e", ""]).waitForCompletion(job, { exitCode: 3 });
  const engine = await ground.start(app);
  expect((await engine.waitFor("after", "FailedToStart", { timeout: 20_000 })).message).toContain(
    "job exited with code 3, not 0",
  );
  expect((await engine.waitFor("also", "Finished", { timeout: 20_000 })).exitCode).toBe(0);
  expect(engine.snapshot("job")).toMatchObject({ state: "Exited", exitCode: 3 });
});

test("a port that was asked for and is taken is named; one that was found is exchanged", async () => {
  const ground = await RunGround.create();
  await using blocker = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => blocker.once("listening", resolve));
  const { port } = blocker.address() as { port: number };
  const app = ground.builder();
  const file = await ground.write("web.mjs", webProgram);
  app.addExecutable("fixed", process.execPath, ".", [file]).withHttpEndpoint({ port, env: "PORT" });
  app.addExecutable("free", process.execPath, ".", [file]).withHttpEndpoint({ env: "PORT" });
  const engine = await ground.start(app);
  const failed = await engine.waitFor("fixed", "FailedToStart", { timeout: 20_000 });
  expect(failed.message).toContain(`port ${port} of fixed/http is in use by another program`);
  await engine.waitFor("free", "healthy", { timeout: 20_000 });

  const before = await engine.endpoint("free");
  await engine.stop("free");
  await using other = createServer().listen(before.port, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  await engine.start("free");
  const after = await engine.endpoint("free");
  expect(after.port).not.toBe(before.port);
  await expect
    .poll(() =>
      fetch(after.url).then(
        (answer) => answer.text(),
        () => "",
      ),
    )
    .toBe("hello");
});

test("two endpoints that ask for the same port are an error of the file", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  app.addExecutable("one", "true", ".").withHttpEndpoint({ port: 34_567 });
  app.addExecutable("two", "true", ".").withHttpEndpoint({ port: 34_567 });
  await expect(ground.start(app)).rejects.toMatchObject({
    code: "APP_MODEL",
    message: expect.stringContaining("two/http asks for port 34567, and so does one/http"),
  });
});

test("a program that crashes is Exited, and starts again on the same port when told so", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  app
    .addExecutable("web", process.execPath, ".", [await ground.write("web.mjs", webProgram)])
    .withHttpEndpoint({ env: "PORT" })
    .withHttpHealthCheck();
  const engine = await ground.start(app);
  await engine.waitFor("web", "healthy", { timeout: 20_000 });
  const { url } = await engine.endpoint("web", "http");
  await fetch(`${url}/crash`).catch(() => {});
  const crashed = await engine.waitFor("web", "Exited", { timeout: 20_000 });
  expect(crashed).toMatchObject({ exitCode: 7, message: "exited with code 7" });
  expect(crashed.health).toBeUndefined();
  expect(crashed.commands).toContainEqual({ name: "start", title: "Start", enabled: true });
  expect(await engine.execute("web", "start")).toEqual({ success: true });
  await engine.waitFor("web", "healthy", { timeout: 20_000 });
  expect((await engine.endpoint("web")).url).toBe(url);
  await engine.restart("web");
  await engine.waitFor("web", "healthy", { timeout: 20_000 });
  expect(written(engine, "web")).toEqual(["listening", "listening", "bye", "listening"]);
});

test("what a program leaves running when it ends is ended, too", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  app.addExecutable("parent", "sh", ".", ["-c", "sleep 300 & echo $!; exit 0"]);
  const engine = await ground.start(app);
  await engine.waitFor("parent", "Finished", { timeout: 20_000 });
  const [pid] = written(engine, "parent");
  await expect.poll(() => runs(Number(pid))).toBe(false);
});

test("a program that ignores SIGTERM is killed", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  app.addExecutable("deaf", process.execPath, ".", [
    "-e",
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(process.pid)",
  ]);
  const engine = await ground.start(app);
  await expect.poll(() => written(engine, "deaf").length).toBe(1);
  const begun = performance.now();
  await engine.killAll();
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(runs(Number(written(engine, "deaf")[0]))).toBe(false);
});

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
