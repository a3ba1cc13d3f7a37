import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

const secret = "Zq7-vK2.tEr9";
const formats = [
  "url",
  "servicestack",
  "stackexchange",
  "redis-cli",
  "env",
  "ioredis",
  "node-redis",
  "stunnel",
];

/** One string per dialect, each with the secret in it. */
const strings = [
  `rediss://user:${secret}@localhost:1/0`,
  `${secret}@localhost:1?ssl=true`,
  `localhost:1,password=${secret},ssl=True`,
  `-h localhost -p 1 --tls --sni localhost -a ${secret}`,
  `CACHE_HOST=localhost\nCACHE_PORT=1\nCACHE_TLS=true\nCACHE_PASSWORD=${secret}`,
];

/** Strings and command lines that are refused, with the secret where a message could quote it. */
const refused = [
  ["ping", `--password=${secret}`],
  ["ping", "rediss://localhost", `-a${secret}`],
  ["ping", `-${secret}@localhost:1?ssl=true`],
  ["ping", "--timeout", secret, "localhost"],
  ["ping", "localhost:1", secret],
  ["doctor", `--password=${secret}`],
  ["doctor", "--resolver", secret, "rediss://localhost:1"],
  ["doctor", "localhost:1", secret],
  ["uri", "--to", secret, "localhost"],
  ["uri", "--from", secret, "localhost"],
  [secret],
  [`rediss://:${secret}@localhost`],
  ["--", `rediss://:${secret}@localhost`],
  ["help", secret],
  ["uri", `rediss://:${secret}@local host:x1`],
  ["uri", `rediss://:${secret}@localhost:99999`],
  ["uri", `rediss://:${secret}@localhost?nonsense=1`],
  ["uri", `rediss://:${secret}@[::1`],
  ["uri", `rediss://:${secret}`],
  ["uri", `http://:${secret}@localhost`],
  ["uri", `localhost,pasword=${secret}`],
  ["uri", `localhost,password=${secret},ssl=perhaps`],
  ["uri", `${secret}@localhost?ssl=perhaps`],
  ["uri", "--", "-h", "localhost", "-a", secret, "--what"],
  ["uri", "--", "-h", "localhost", "-p", secret],
];

/** Commands that read the string from stdin, and what they exit with when it is accepted. */
const commands: [words: string[], code: number][] = [
  [["uri", "-"], 0],
  [["uri", "--json", "-"], 0],
  [["uri", "check", "-"], 0],
  [["uri", "check", "--json", "-"], 0],
  [["ping", "-"], 4],
  [["ping", "--json", "-"], 4],
  [["doctor", "-"], 4],
  [["doctor", "--json", "--thorough", "-"], 4],
  ...formats.map((format): [string[], number] => [["uri", "--to", format, "-"], 0]),
];

describe.each(strings)("a target stays masked: %s", (text) => {
  test.each(commands)("%j exits with %i", async (words, expected) => {
    const { code, stdout, stderr } = await redoubt(words, { stdin: text });
    expect(stdout + stderr).not.toContain(secret);
    expect(stdout).not.toBe("");
    expect(code).toBe(expected);
  });
});

describe("a refusal", () => {
  test.each(refused.map((words) => [words.join(" "), words] as const))("%s", async (_line, words) => {
    const { code, stdout, stderr } = await redoubt(words);
    expect(stdout + stderr).not.toContain(secret);
    expect(stderr).not.toBe("");
    expect(code).toBe(2);
  });
});

test("a server that quotes the password in its error", async () => {
  await using server = await startServer({
    listen: "plain",
    password: secret,
    config: ['rename-command HELLO ""', 'rename-command AUTH ""'],
  });
  const { code, stdout, stderr } = await redoubt(["ping", server.uri]);
  expect(stdout + stderr).not.toContain(secret);
  expect(code).not.toBe(0);
});

test.runIf(process.platform === "linux")("a list of processes", async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket.on("error", () => {})));
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  let line = "";
  await redoubt(["ping", "--timeout", "4000", `redis://:${secret}@127.0.0.1:${port}`], {
    meanwhile: async (pid) => {
      if (sockets.length === 0) await once(silent, "connection", { signal: AbortSignal.timeout(40_000) });
      line = await readFile(`/proc/${pid}/cmdline`, "utf8");
    },
  });
  silent.close();
  expect(line).toContain("redoubt");
  expect(line).not.toContain(secret);
});
