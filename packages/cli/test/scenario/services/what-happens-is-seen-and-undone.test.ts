import { spawn } from "node:child_process";
import { createClient } from "@redoubt/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { program } from "../redoubt.ts";
import { Home } from "./home.ts";

let home: Home;

beforeAll(async () => {
  home = await Home.make();
  await home.said(["create", "my-redis"]);
}, 120_000);

afterAll(async () => {
  await home[Symbol.asyncDispose]();
}, 120_000);

const get = (service: string) => home.said(["cli", service, "GET", "greeting"]);
const set = (value: string) => home.said(["cli", "my-redis", "SET", "greeting", value]);

test("logs are those of the server and of the keeper, the newest last; JSON has the four fields", async () => {
  const lines = (await home.said(["logs", "my-redis"])).split("\n");
  expect(lines.some((line) => /^\S+ +\S+ redis-1 .*Ready to accept connections/.test(line))).toBe(true);
  expect(lines.some((line) => / keeper /.test(line))).toBe(true);
  const list = JSON.parse(await home.said(["logs", "my-redis", "--json", "-n", "2", "-S", "desc"])) as {
    time: string;
  }[];
  expect(list).toHaveLength(2);
  expect(Object.keys(list[0] ?? {}).sort()).toEqual(["hostname", "message", "time", "unit"]);
  expect((list[0]?.time ?? "") >= (list[1]?.time ?? "")).toBe(true);
});

test("logs are followed until Ctrl-C", async () => {
  const child = spawn(process.execPath, [program, "service", "logs", "my-redis", "-f", "-n", "1"], {
    env: { PATH: process.env["PATH"], ...home.environment },
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  const ended = new Promise((resolve) => {
    child.on("exit", resolve);
  });
  try {
    await expect.poll(() => text).not.toBe("");
    // Something that a log says: the keeper applies a new revision.
    await home.said(["update", "my-redis", "-c", "redis_timeout=77"]);
    await expect.poll(() => text).toMatch(/keeper .*applied/);
  } finally {
    child.kill("SIGINT");
  }
  expect(await ended).toBe(130);
});

test("metrics have the series of managed services", async () => {
  const metrics = JSON.parse(await home.said(["metrics", "my-redis", "--json", "--period", "day"])) as Record<
    string,
    { data: { cols: { label: string }[]; rows: unknown[] } }
  >;
  expect(Object.keys(metrics)).toEqual([
    "cpu_usage",
    "mem_usage",
    "disk_usage",
    "disk_ioread",
    "disk_iowrites",
    "load_average",
    "net_receive",
    "net_send",
  ]);
  expect(metrics["mem_usage"]?.data.cols.map(({ label }) => label)).toEqual(["time", "redis-1"]);
  expect(metrics["mem_usage"]?.data.rows).toHaveLength(288);
  expect(await home.said(["metrics", "my-redis"])).toMatch(/^mem_usage /m);
});

test("current queries say who is connected, by which way, and what was sent last", async () => {
  const uri = await home.said(["connection-info", "my-redis", "uri", "--ca"]);
  await using client = await createClient(uri).connect();
  await client.clientSetName("somebody");
  await client.get("greeting");
  const queries = JSON.parse(await home.said(["current-queries", "my-redis", "--json"])) as Record<
    string,
    unknown
  >[];
  expect(queries).toContainEqual(
    expect.objectContaining({
      application_name: "somebody",
      query: "get",
      username: "default",
      route: "terminator",
    }),
  );
});

test("what a backup holds comes back, in the service or in a fork", async () => {
  await set("of the backup");
  const [backup = ""] = (await home.said(["backup-now", "my-redis", "--format", "{backup_name}"])).split(
    "\n",
  );
  await set("of later");
  expect(await home.said(["backup-list", "my-redis", "--format", "{backup_name}"])).toContain(backup);
  expect((await home.service(["restore", "my-redis"])).code).toBe(2);
  expect(await get("my-redis")).toBe("of later");
  await home.said(["restore", "my-redis", "--backup", backup, "--force"]);
  expect(await get("my-redis")).toBe("of the backup");
  await set("of my-redis alone");
  await home.said(["create", "my-copy", "--service-to-fork-from", "my-redis", "--backup", backup]);
  expect(await get("my-copy")).toBe("of the backup");
  expect(await get("my-redis")).toBe("of my-redis alone");
});

test("what is powered off keeps its data and its address", async () => {
  await set("kept");
  const uri = await home.said(["connection-info", "my-redis", "uri"]);
  await home.said(["power-off", "my-redis"]);
  expect(await home.said(["list", "--format", "{service_name} {state}"])).toContain("my-redis POWEROFF");
  expect(await home.said(["logs", "my-redis", "-n", "1"])).not.toBe("");
  expect((await home.service(["cli", "my-redis", "PING"])).code).not.toBe(0);
  expect(await home.said(["power-on", "my-redis"])).toBe(uri);
  await home.said(["wait", "my-redis"]);
  expect(await get("my-redis")).toBe("kept");
});

test("a certificate is exchanged without a dropped connection", async () => {
  const uri = await home.said(["connection-info", "my-redis", "uri", "--ca"]);
  await using client = await createClient(uri).connect();
  let dropped = 0;
  client.on("reconnecting", () => dropped++);
  const before = await home.said(["get", "my-redis", "--format", "{certificate.fingerprint}"]);
  const after = await home.said(["rotate-certificate", "my-redis"]);
  expect(after).not.toBe(before);
  expect(await client.get("greeting")).toBe("kept");
  expect(dropped).toBe(0);
});

test("tags are set, removed, replaced", async () => {
  await home.said(["tags", "update", "my-redis", "--add-tag", "team=checkout", "--add-tag", "url=a=b"]);
  const update = ["tags", "update", "my-redis", "--remove-tag", "team", "--json"];
  expect(JSON.parse(await home.said(update))).toEqual({ url: "a=b" });
  await home.said(["tags", "replace", "my-redis", "--tag", "only=this"]);
  expect(JSON.parse(await home.said(["tags", "list", "my-redis", "--json"]))).toEqual({ only: "this" });
  expect((await home.service(["tags", "update", "my-redis", "--add-tag", "foo"])).code).toBe(2);
});

test("events say who changed what, from what to what", async () => {
  const table = await home.said(["events", "my-redis"]);
  expect(table).toMatch(/service_update +my-redis +\S.*redis_timeout: default -> 77/);
  for (const type of ["service_create", "service_backup", "service_restore", "service_power"])
    expect(table).toContain(type);
  const events = JSON.parse(await home.said(["events", "--json", "-n", "3"])) as { actor: string }[];
  expect(events).toHaveLength(3);
  expect(events[0]?.actor).toMatch(/@/);
});

test("a plan without replicas cannot fail over, and says which can", async () => {
  const { code, stderr } = await home.service(["failover", "my-redis"]);
  expect(code).toBe(1);
  expect(stderr).toContain("redoubt service plans");
});
