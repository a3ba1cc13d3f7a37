import { createServer } from "node:net";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** A port on which nothing listens any more. */
async function closedPort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

const rows = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("attempts line by line, then statistics; exit code 0", async () => {
  const { code, stdout, stderr } = await redoubt([
    "tcping",
    "--count",
    "3",
    "--interval",
    "10ms",
    "127.0.0.1",
    String(server.tlsPort),
  ]);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^ {3}1 {2}127\.0\.0\.1:\d+ {2}open +\d+\.\d\d ms\n/);
  expect(stdout).toContain("3 sent, 3 open, 0.0 % lost");
  expect(stdout).toMatch(
    /tcp {2}min [\d.]+ {2}average [\d.]+ {2}median [\d.]+ {2}p99 [\d.]+ {2}max [\d.]+ {2}jitter [\d.]+ ms/,
  );
  expect(code).toBe(0);
});

test("a connection string, with the handshake, as JSON: no password anywhere, not even sent", async () => {
  const { code, stdout } = await redoubt(
    ["tcping", "--tls", "--cacert", server.caFile, "--json", "--count", "2", "--interval", "10ms", "-4", "-"],
    { stdin: server.uri },
  );
  const all = rows(stdout);
  expect(all.map(({ type }) => type)).toEqual(["attempt", "attempt", "summary"]);
  expect(all[0]).toMatchObject({
    sequence: 1,
    host: "localhost",
    address: "127.0.0.1",
    outcome: "open",
    code: null,
  });
  expect(all[2]).toMatchObject({ sent: 2, open: 2, loss: 0, outcomes: { open: 2 } });
  expect(all[2]?.["tls"]).toMatchObject({ min: expect.any(Number), p99: expect.any(Number) });
  expect(stdout).not.toContain(server.password);
  expect(code).toBe(0);
});

test("nothing listens: refused, exit code 4", async () => {
  const port = await closedPort();
  const { code, stdout } = await redoubt(["tcping", "--count", "1", "127.0.0.1", String(port)]);
  expect(stdout).toContain("refused: the host is there, nothing listens on the port (ECONNREFUSED)");
  expect(stdout).toContain("1 sent, 0 open, 1 refused, 100.0 % lost");
  expect(code).toBe(4);
});

test("open, and the certificate is not trusted: exit code 5", async () => {
  const { code, stdout } = await redoubt([
    "tcping",
    "--tls",
    "--count",
    "1",
    "localhost",
    String(server.tlsPort),
  ]);
  expect(stdout).toContain("open, and the TLS handshake failed (TLS_UNTRUSTED)");
  expect(code).toBe(5);
});

test("Ctrl-C ends it, with the statistics", async () => {
  const { code, stdout } = await redoubt(
    ["tcping", "--interval", "20ms", "127.0.0.1", String(server.tlsPort)],
    {
      meanwhile: (pid) => {
        setTimeout(() => process.kill(pid, "SIGINT"), 1_500);
      },
    },
  );
  expect(stdout).toMatch(/\d+ sent, \d+ open, 0\.0 % lost/);
  expect(code).toBe(0);
});

test.each([
  [["-4", "-6", "localhost"], "CONFIG_AMBIGUOUS"],
  [["--count", "0", "localhost"], "CONFIG_INVALID_VALUE"],
  [["localhost", "70000"], "CONFIG_INVALID_VALUE"],
  [["--tls", "redis://localhost:6379"], "CONFIG_INSECURE"],
  [["--cacert", "ca.pem", "rediss://localhost:6379"], "CONFIG_MISSING"],
])("%j is refused with exit code 2", async (words, error) => {
  const { code, stderr } = await redoubt(["tcping", ...words]);
  expect(stderr).toContain(error);
  expect(code).toBe(2);
});
