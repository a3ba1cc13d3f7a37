import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { type CertificateKind, startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

/** Runs `ping --json` and gives what a program reads of a failure. */
async function failure(words: string[]) {
  const { code, stdout } = await redoubt(["ping", "--json", ...words]);
  const result = JSON.parse(stdout);
  // Of the stages alone: how long a program takes to start is another matter.
  const ms = result.stages.reduce((sum: number, stage: { ms: number }) => sum + stage.ms, 0);
  expect(result.ok).toBe(false);
  expect(Object.keys(result.error).sort()).toEqual([
    "address",
    "code",
    "hint",
    "message",
    "position",
    "stage",
  ]);
  return { exit: code, ms, ...result } as {
    exit: number;
    ms: number;
    stages: { name: string; ok: boolean }[];
    error: { code: string; stage: string; hint: string; position: number | null };
  };
}

const wrong: [CertificateKind, string][] = [
  ["expired", "TLS_EXPIRED"],
  ["not-yet-valid", "TLS_NOT_YET_VALID"],
  ["other-host", "TLS_NAME_MISMATCH"],
  ["ip-only", "TLS_NAME_MISMATCH"],
  ["self-signed", "TLS_SELF_SIGNED"],
  ["missing-intermediate", "TLS_ISSUER_UNKNOWN"],
];

describe("TLS: exit code 5", () => {
  test.each(wrong)("a certificate that is %s: %s", async (certificate, expected) => {
    await using server = await startServer({ certificate });
    // Node's own word for a server that is only wrong in its name comes after the chain was checked.
    const { exit, error, stages } = await failure([server.uri.replace(/[?&]servername=[^&]*/, "")]);
    expect(error).toMatchObject({ code: expected, stage: "tls" });
    expect(stages.at(-1)).toMatchObject({ name: "tls", ok: false });
    expect(exit).toBe(5);
  });

  test("an authority that nobody was told of", async () => {
    await using server = await startServer({ certificate: "other-authority-with-root" });
    const { exit, error } = await failure([server.uri]);
    expect(error.code).toMatch(/^TLS_(UNTRUSTED|SELF_SIGNED|ISSUER_UNKNOWN)$/);
    expect(exit).toBe(5);
  });

  test("no client certificate where one is required", async () => {
    await using server = await startServer({ clientCertificates: "required" });
    const { exit, error } = await failure([server.uri]);
    expect(error.code).toBe("TLS_CLIENT_CERTIFICATE_REQUIRED");
    expect(exit).toBe(5);
  });

  test("a plain port behind rediss:// is found out within the deadline", async () => {
    await using server = await startServer({ listen: "plain-posing-as-tls" });
    const { exit, error, ms } = await failure([
      "--timeout",
      "2000",
      `rediss://:secret@localhost:${server.tlsPort}`,
    ]);
    expect(error.stage).toBe("tls");
    expect(error.code).toMatch(/^TLS_/);
    expect(exit).toBe(5);
    expect(ms).toBeLessThan(6000);
  });

  test("a TLS port behind redis:// is found out at once", async () => {
    await using server = await startServer();
    const { exit, error, ms } = await failure([`redis://:secret@localhost:${server.tlsPort}`]);
    expect(error.code).toBe("TLS_PEER_REQUIRES_TLS");
    expect(exit).toBe(5);
    expect(ms).toBeLessThan(4000);
  });
});

describe("unreachable: exit code 4", () => {
  test("no such host", async () => {
    const { exit, error, stages } = await failure(["rediss://no-such-host.invalid:6380"]);
    expect(error).toMatchObject({ code: expect.stringMatching(/^DNS_/), stage: "dns" });
    expect(stages).toHaveLength(1);
    expect(exit).toBe(4);
  });

  test("nothing listens", async () => {
    const { exit, error } = await failure([`rediss://127.0.0.1:${await closedPort()}`]);
    expect(error).toMatchObject({ code: "TCP_REFUSED", stage: "tcp" });
    expect(exit).toBe(4);
  });

  test("no Unix socket", async () => {
    const { exit, error } = await failure(["unix:///nowhere/redis.sock"]);
    expect(error.code).toBe("TCP_NO_SOCKET_FILE");
    expect(exit).toBe(4);
  });

  test("a peer that never answers, within --timeout", async () => {
    await using silent = await listen();
    const { exit, error, ms } = await failure(["--timeout", "700", `redis://127.0.0.1:${silent.port}`]);
    expect(error.code).toMatch(/^TIMEOUT_/);
    expect(exit).toBe(4);
    expect(ms).toBeLessThan(4000);
  });
});

describe("authentication: exit code 6", () => {
  test.each([
    ["a wrong password", (uri: string) => uri.replace(/:[^:@/]+@/, ":wrong@"), "AUTH_FAILED"],
    ["an unknown user", (uri: string) => uri.replace("//default:", "//nobody:"), "AUTH_FAILED"],
    ["no password", (uri: string) => uri.replace(/\/\/[^@]*@/, "//"), "AUTH_REQUIRED"],
  ])("%s", async (_what, change, expected) => {
    await using server = await startServer();
    const uri = change(server.uri);
    expect(uri).not.toBe(server.uri);
    const { exit, error } = await failure([uri]);
    expect(error).toMatchObject({ code: expected, stage: "auth" });
    expect(exit).toBe(6);
  });
});

describe("usage: exit code 2", () => {
  test.each([
    ["an unknown option of the string", ["localhost:6380,pasword=abc"], "CONFIG_UNKNOWN_KEY"],
    ["a file that is not there", ["rediss://localhost:1?sslrootcert=/nowhere/ca.pem"], "CONFIG_FILE"],
    ["stdin promised twice", ["--password-stdin", "-"], "CONFIG_AMBIGUOUS"],
    ["nothing at all", [], "CONFIG_MISSING"],
  ])("%s", async (_what, words, expected) => {
    const { exit, error } = await failure(words);
    expect(error.code).toBe(expected);
    expect(exit).toBe(2);
  });
});

test("a person reads what happened, why, and what to do", async () => {
  await using server = await startServer({ certificate: "expired" });
  const { code, stdout, stderr } = await redoubt(["ping", server.uri]);
  expect(stdout).toMatch(/^ {2}tls +failed +\d+\.\d ms/m);
  expect(stdout).not.toContain("PONG");
  expect(stderr).toMatch(/^TLS_EXPIRED in stage tls/);
  for (const label of ["what", "cause", "fix"])
    expect(stderr).toMatch(new RegExp(`^ {2}${label} +\\S+`, "m"));
  expect(stderr).toContain("docs/errors/TLS_EXPIRED.md");
  expect(code).toBe(5);
});

/** A port on which nothing listens: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const listening = await listen();
  await listening[Symbol.asyncDispose]();
  return listening.port;
}

/** Accepts connections and never says a word. */
async function listen() {
  const server = createServer((socket) => socket.resume().on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.unref();
    },
  };
}
