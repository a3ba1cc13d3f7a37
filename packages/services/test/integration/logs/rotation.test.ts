import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ControlConnection } from "@redoubt/server";
import { expect, test } from "vitest";
import { filesOf, logPath, rotate } from "../../../src/logs/log-file.ts";
import { readLogs } from "../../../src/logs/log-reader.ts";
import { temporaryFolder } from "../node.ts";

test("a server that nobody holds a pipe to loses no line while its log is put aside again and again", async () => {
  await using folder = await temporaryFolder();
  const config = [
    "--port",
    "0",
    "--unixsocket",
    join(folder.path, "s"),
    "--save",
    "",
    "--loglevel",
    "notice",
  ];
  const args = [...config, "--dir", folder.path, "--logfile", logPath(folder.path, "redis-1")];
  const server = spawn("redis-server", args, { stdio: "ignore" });
  try {
    const lines = 400;
    const port = join(folder.path, "s");
    await expect
      .poll(async () => (await readLogs(folder.path)).lines.map(({ message }) => message).join("\n"))
      .toMatch(/[Rr]eady to accept connections/);
    let writing = true;
    let rotations = 0;
    const rotating = (async () => {
      while (writing) {
        if (await rotate(folder.path, "redis-1", { size: 100, count: 1000 })) rotations++;
        await delay(1);
      }
    })();
    using control = await ControlConnection.open({ host: "localhost", port: 0, path: port });
    for (let index = 0; index < lines; index++)
      await control.call("EVAL", `redis.log(redis.LOG_WARNING, "line ${index} of all")`, "0");
    writing = false;
    await rotating;
    const files = await filesOf(folder.path, "redis-1");
    const text = (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("");
    const found = [...text.matchAll(/line (\d+) of all/g)]
      .map(([, number]) => Number(number))
      .sort((a, b) => a - b);
    expect(found).toEqual(Array.from({ length: lines }, (_, index) => index));
    expect(rotations).toBeGreaterThan(3);
    // Read as one log, it is in order.
    const page = await readLogs(folder.path, { limit: lines });
    expect(page.lines[0]?.message).toContain(`line ${lines - 1} of all`);
    expect(page.lines.every(({ unit }) => unit === "redis-1")).toBe(true);
  } finally {
    server.kill();
    await once(server, "exit");
  }
});
