import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DoctorResult } from "@redoubt/network";
import { startServer } from "@redoubt/server";
import { expect, onTestFinished, test } from "vitest";
import { redoubt } from "./redoubt.ts";

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "redoubt-doctor-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a healthy server: stages, what was seen, latency, exit code 0", async () => {
  await using server = await startServer();
  const { code, stdout, stderr } = await redoubt(["doctor", "--seconds=1", server.uri]);
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(/^ {2}auth +ok /m);
  expect(stdout).toMatch(/^ {2}tls +certificate +CN=localhost, for localhost/m);
  expect(stdout).toMatch(/^ {2}PING +\d+ times: median /m);
  expect(stdout).toMatch(/nothing to mend\.\n$/);
  expect(stdout + stderr).not.toContain(server.password);
});

test("a person reads the cause, what was seen, and what to do", async () => {
  await using server = await startServer({ names: ["orders.redis.cache.windows.net"] });
  const string = `127.0.0.1:${server.tlsPort},password=${server.password},ssl=True`;
  const { code, stdout, stderr } = await redoubt(["doctor", "--cacert", server.caFile, string]);
  expect(code, stdout).toBe(5);
  expect(stdout).toMatch(/^error {2}An address was dialled.* {2}tls-address-dialled$/m);
  expect(stdout).toMatch(/^ {2}fix 2 .*orders\.redis\.cache\.windows\.net/m);
  expect(stdout).toMatch(/^ +after +127\.0\.0\.1:\d+.*sslHost=orders\.redis\.cache\.windows\.net$/m);
  expect(stdout).toContain("more  docs/doctor/tls-address-dialled.md");
  expect(stdout + stderr).not.toContain(server.password);
});

test("JSON has a stable schema, and findings make exit code 3", async () => {
  await using server = await startServer({ config: ["maxmemory 100mb"] });
  await server.command("CONFIG", "SET", "maxmemory", "1000000");
  const { code, stdout } = await redoubt(["doctor", "--json", "--seconds=0", server.uri]);
  const result = JSON.parse(stdout) as DoctorResult;
  expect(code).toBe(3);
  expect(Object.keys(result)).toEqual([
    "target",
    "at",
    "ms",
    "stages",
    "observations",
    "findings",
    "latency",
    "verdict",
  ]);
  expect(result.verdict).toMatchObject({ state: "findings", connected: true, cause: "server-memory" });
  const [first] = result.findings;
  expect(Object.keys(first ?? {})).toEqual([
    "id",
    "area",
    "severity",
    "title",
    "likelihood",
    "evidence",
    "fixes",
    "page",
  ]);
  expect(Object.keys(first?.fixes[0] ?? {})).toEqual(["says", "command", "before", "after"]);
  expect(existsSync(new URL(`../../../../docs/${first?.page}`, import.meta.url))).toBe(true);
});

test("a report can be shared: no password, and no names where they are not wanted", async () => {
  await using server = await startServer({ users: { customer: { password: "the-customers-own" } } });
  const file = join(temporary(), "report.md");
  const uri = server.uriFor({ username: "customer" }).replace("localhost:", "127.0.0.1:");
  const { code, stdout, stderr } = await redoubt([
    "doctor",
    "--seconds=0",
    "--redact-names",
    "--report",
    file,
    uri,
  ]);
  expect(code, stdout + stderr).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(/^# Report of redoubt doctor/);
  for (const secret of ["the-customers-own", "customer", "127.0.0.1"]) {
    expect(text).not.toContain(secret);
    expect(stdout).not.toContain(secret);
  }
  expect(text).toContain("loopback-address-");
  expect(text).toContain(`:${server.tlsPort}`);
});

test("a report as JSON, for programs", async () => {
  await using server = await startServer();
  const file = join(temporary(), "report.json");
  await redoubt(["doctor", "--seconds=0", "--report", file, server.uri]);
  expect((JSON.parse(readFileSync(file, "utf8")) as DoctorResult).verdict.state).toBe("healthy");
});

test.each([
  [
    "a resolver that is no address",
    ["--resolver", "dns.example.com", "rediss://127.0.0.1:1"],
    "CONFIG_INVALID_VALUE",
  ],
  ["stdin promised twice", ["--password-stdin", "-"], "CONFIG_AMBIGUOUS"],
  [
    "a report that cannot be written",
    ["--report", "/nowhere/report.md", "rediss://127.0.0.1:1"],
    "CONFIG_FILE",
  ],
  ["an option of the string that there is not", ["127.0.0.1:1,pasword=abc"], "CONFIG_UNKNOWN_KEY"],
])("usage: %s", async (_, words, expected) => {
  const { code, stdout } = await redoubt(["doctor", "--json", "--timeout=500", ...words]);
  expect(JSON.parse(stdout).error.code).toBe(expected);
  expect(code).toBe(2);
});

test("Ctrl-C ends it at once", async () => {
  await using server = await startServer();
  const { code, ms } = await redoubt(["doctor", "--seconds=60", server.uri], {
    meanwhile: async (pid) => {
      await new Promise((resolve) => setTimeout(resolve, 2500));
      process.kill(pid, "SIGINT");
    },
  });
  expect(code).toBe(130);
  expect(ms).toBeLessThan(20_000);
});
