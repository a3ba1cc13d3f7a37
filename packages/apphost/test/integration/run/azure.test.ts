import { expect, test } from "vitest";
import { RunGround, written } from "../../run-ground.ts";

/** Connects with what it is told, as a program of the app would. */
const program = `
import { readFileSync } from "node:fs";
import { connect } from "node:tls";
const { CACHE_HOST, CACHE_PORT, CACHE_PASSWORD, CACHE_CA_FILE, CACHE_URI, ConnectionStrings__cache } = process.env;
const socket = connect({ host: CACHE_HOST, port: Number(CACHE_PORT), ca: readFileSync(CACHE_CA_FILE), servername: CACHE_HOST }, () => {
  socket.write(\`AUTH \${CACHE_PASSWORD}\\r\\nSET hello world\\r\\nGET hello\\r\\n\`);
});
let text = "";
socket.on("data", (chunk) => {
  text += chunk;
  if (!text.includes("world")) return;
  console.log(text.split("\\r\\n").filter((line) => line !== "").join(" "));
  console.log(new URL(CACHE_URI).protocol, ConnectionStrings__cache.replace(CACHE_PASSWORD, "PW"));
  socket.end();
});
`;

test("a Redis of this machine takes the place of an Azure Managed Redis, whatever was said about it first", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const ready: string[] = [];
  const cache = app
    .addAzureManagedRedis("cache")
    .withAccessKeyAuthentication()
    .on("resourceReady", ({ resource }) => void ready.push(resource.type))
    .withCommand("clear", "Clear", () => Promise.resolve({ success: true }));
  app
    .addExecutable("job", process.execPath, ".", [await ground.write("job.mjs", program)])
    .withReference(cache)
    .waitFor(cache);
  cache.runLocally();
  const engine = await ground.start(app);
  await engine.waitFor("job", "Finished", { timeout: 30_000 });
  const port = cache.standIn?.primary.allocated.current?.port;
  expect(written(engine, "job")).toEqual([
    "+OK +OK $5 world",
    `rediss: localhost:${port},password=PW,ssl=true`,
  ]);
  expect(ready).toEqual(["redis"]);
  const snapshot = engine.snapshots().find(({ name }) => name === "cache");
  expect(snapshot?.type).toBe("redis");
  expect(snapshot?.commands.map(({ name }) => name)).toContain("clear");
  expect(engine.snapshots().map(({ name }) => name)).not.toContain("cache-kv");
  await engine.stop();
});
