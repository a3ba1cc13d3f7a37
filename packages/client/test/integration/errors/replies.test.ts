import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, dial, parse, type RedoubtError } from "@redoubt/client";
import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";

/** The error of something that must fail. */
const failure = (promise: Promise<unknown>): Promise<RedoubtError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: RedoubtError) => error,
  );

test("REPLY_OUT_OF_MEMORY: a full server that may not evict", async () => {
  await using server = await startServer({ config: ["maxmemory 2mb", "maxmemory-policy noeviction"] });
  await using client = await createClient(server.uri).connect();
  const error = await failure(
    Promise.all(Array.from({ length: 40 }, (_, i) => client.set(`k${i}`, "x".repeat(100_000)))),
  );
  expect(error).toMatchObject({ code: "REPLY_OUT_OF_MEMORY", transient: true, command: "SET" });
});

test("REPLY_NO_SCRIPT: a script that was not loaded", async () => {
  await using server = await startServer();
  await using client = await createClient(server.uri).connect();
  expect(await failure(client.evalSha("0".repeat(40), { keys: [], arguments: [] }))).toMatchObject({
    code: "REPLY_NO_SCRIPT",
  });
});

test("REPLY_NO_REPLICAS: a write that too few replicas would see", async () => {
  await using server = await startServer({ config: ["min-replicas-to-write 1"] });
  await using client = await createClient(server.uri).connect();
  expect(await failure(client.set("a", "1"))).toMatchObject({ code: "REPLY_NO_REPLICAS", transient: true });
});

test("REPLY_BUSY: a script that does not end", async () => {
  await using server = await startServer({ config: ["lua-time-limit 50"] });
  await using client = await createClient(server.uri).connect();
  await using other = await createClient(server.uri).connect();
  const endless = failure(client.eval("while true do end"));
  const busy = async (): Promise<string> => {
    const error = await failure(
      other.get("a").then(() => Promise.reject(Object.assign(new Error(), { code: "answered" }))),
    );
    return error.code;
  };
  await expect.poll(busy).toBe("REPLY_BUSY");
  await other.scriptKill();
  expect((await endless).code).toMatch(/^REPLY_/);
  expect(await other.get("a")).toBeNull();
});

test("REPLY_MISCONFIGURED: a server that cannot write its snapshot", async () => {
  const directory = await mkdtemp(join(tmpdir(), "redoubt-misconf-"));
  await using server = await startServer({ directory, config: ["save 3600 1"] });
  await using client = await createClient(server.uri).connect();
  await client.set("a", "1");
  await rm(directory, { recursive: true });
  await client.bgSave().catch(() => undefined);
  const status = async (): Promise<boolean> =>
    (await client.info("persistence")).includes("rdb_last_bgsave_status:err");
  await expect.poll(status).toBe(true);
  expect(await failure(client.set("a", "2"))).toMatchObject({ code: "REPLY_MISCONFIGURED", transient: true });
});

test("DNS_FAILED: what no name can be", async () => {
  const name = "xn--a.example.com";
  const error = await failure(dial(parse(`rediss://${name}`), { connectTimeout: 20_000 }));
  expect(error).toMatchObject({ code: "DNS_FAILED", stage: "dns" });
  expect(error.message).toContain(`${name} could not be resolved: no name can be so`);
});

test("DNS_NOT_FOUND, or DNS_UNAVAILABLE where no resolver answers: a name that nobody has", async () => {
  // RFC 6761 section 6.4: names below .invalid do not exist.
  const error = await failure(dial(parse("rediss://cache.redoubt.invalid"), { connectTimeout: 20_000 }));
  expect(["DNS_NOT_FOUND", "DNS_UNAVAILABLE"]).toContain(error.code);
  expect(error).toMatchObject({
    stage: "dns",
    transient: true,
    message: expect.stringContaining("cache.redoubt.invalid"),
  });
});
