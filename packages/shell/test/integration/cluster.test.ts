import { type Cluster, startCluster } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shell } from "../run-both.ts";

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ primaries: 3 });
});

afterAll(() => cluster.stop());

/** One key for each of several slots. */
const keys = Array.from({ length: 12 }, (_, i) => `key:${i}`);

const flags = () => ["-u", cluster.nodes[0]?.uri ?? "", "--no-auth-warning"];

test("redirections are followed with -c, over verified TLS", async () => {
  const lines = keys.flatMap((key) => [`SET ${key} value-of-${key}`, `GET ${key}`]).join("\n");
  const { stdout } = await shell([...flags(), "-c"], { stdin: lines });
  for (const key of keys) expect(stdout).toContain(`value-of-${key}\n`);
  expect(stdout).toMatch(/-> Redirected to slot \[\d+\] located at \S+:\d+\n/);
});

test("a single command is answered without a word about it", async () => {
  for (const key of keys) {
    const { stdout, code } = await shell([...flags(), "-c", "SET", key, "x"]);
    expect({ stdout, code }).toEqual({ stdout: "OK\n", code: 0 });
  }
});

test("without -c the redirection is the reply", async () => {
  const replies = await Promise.all(keys.map((key) => shell([...flags(), "GET", key])));
  const moved = replies.filter(({ stdout }) => stdout.startsWith("MOVED "));
  expect(moved.length).toBeGreaterThan(0);
  expect(replies.every(({ code }) => code === 0)).toBe(true);
});
