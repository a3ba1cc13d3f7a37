import { readFileSync } from "node:fs";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

const secret = "s3cret-Passw0rd";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer({ listen: "plain", password: "another" });
});

afterAll(() => server.stop());

const place = () => ["-h", "127.0.0.1", "-p", String(server.port)];

test.each<readonly [name: string, words: () => readonly string[]]>([
  ["a wrong password", () => [...place(), "-a", secret, "ping"]],
  ["a wrong password of a user", () => [...place(), "--user", "ada", "--pass", secret, "ping"]],
  ["a wrong password in a URL", () => ["-u", `redis://:${secret}@127.0.0.1:${server.port}`, "ping"]],
  ["a URL that is none", () => ["-u", `redis://:${secret}@127.0.0.1:port`, "ping"]],
  ["another scheme", () => ["-u", `http://:${secret}@127.0.0.1`, "ping"]],
  ["nobody there", () => ["-h", "127.0.0.1", "-p", "1", "-a", secret, "ping"]],
  ["a misspelt option", () => [`--passs=${secret}`]],
  ["an option that is none", () => [`--${secret}`]],
  ["a password as the name of a service", () => ["--service", secret]],
  ["a password as a port", () => ["-p", secret]],
  ["a password in base64", () => [...place(), "--tls", "--certb64", secret, "ping"]],
])("%s is told without the secret", async (_, words) => {
  const { code, stdout, stderr } = await redoubt(["cli", ...words()]);
  expect(code).not.toBe(0);
  expect(stderr.length).toBeGreaterThan(10);
  expect(stdout + stderr).not.toContain(secret);
});

test("a production guard does not repeat arguments", async () => {
  const words = ["cli", ...place(), "--production", "CONFIG", "SET", "requirepass", secret];
  const { code, stdout, stderr } = await redoubt(words, { environment: { REDISCLI_AUTH: "another" } });
  expect(stderr).toContain("CONFIG_PRODUCTION");
  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain(secret);
});

// Only Linux shows the command line of a process as a file.
test.runIf(process.platform === "linux")("the list of processes does not show it", async () => {
  let shown = secret;
  const words = ["cli", ...place(), "-a", "another", "BLPOP", secret, "0"];
  await redoubt(words, {
    meanwhile: async (pid) => {
      await expect
        .poll(async () => String(await server.command("INFO", "clients")))
        .toMatch(/blocked_clients:1/);
      shown = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      process.kill(pid, "SIGTERM");
    },
  });
  expect(shown).toContain("redoubt");
  expect(shown).not.toContain("another");
});
