import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type RedisServer, startServer } from "@redoubt/server";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "./stunnel-programs.ts";

// A service whose tokens live for a second: each is made known to the server when it is given, and taken back soon after.
const service = `
import { callbackCredentials, createClient } from "@redoubt/client";
import { createTunnel } from "@redoubt/tunnel";

const admin = await createClient(process.env.ADMIN_URL).connect();
let count = 0;
const auth = callbackCredentials(async () => {
  const password = "token-" + count;
  await admin.sendCommand(["ACL", "SETUSER", "app", ">" + password]);
  if (count >= 3) await admin.sendCommand(["ACL", "SETUSER", "app", "<token-" + (count - 3)]);
  count++;
  return { username: "app", password, expiresAt: Date.now() + 1000 };
});
const tunnel = await createTunnel({
  to: process.env.ADMIN_URL, listen: "127.0.0.1:0", connectTimeout: 30_000, auth, log: (line) => console.error(line),
});
console.log(tunnel.addresses[0]);
process.on("message", () => process.send(/^redoubt_tunnel_credentials_renewed_total (\\d+)$/m.exec(tunnel.metrics())?.[1]));
`;

let server: RedisServer;
beforeAll(async () => {
  server = await startServer({ users: { app: { password: "start", rules: "~* &* +@all" } } });
});
afterAll(() => server?.stop());

test("no reply and no message is lost or swapped, and nobody is cut", { timeout: 300_000 }, async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", service], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { PATH: process.env["PATH"], ADMIN_URL: server.uri },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const ended = once(child, "exit");
  let said = "";
  let complaints = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const renewals = async (): Promise<number> => {
    const answer = once(child, "message") as Promise<[string]>;
    child.send("renewals");
    return Number((await answer)[0]);
  };
  const clients: Redis[] = [];
  const cut: string[] = [];
  const open = (): Redis => {
    const port = Number(/:(\d+)/.exec(said)?.[1]);
    const client = new Redis({ port, maxRetriesPerRequest: 0 });
    client.on("error", (error: Error) => cut.push(error.message)).on("reconnecting", () => cut.push("cut"));
    clients.push(client);
    return client;
  };
  try {
    await until(`the tunnel listens: ${complaints}`, () => said.includes("\n") || child.exitCode !== null);
    let isOver = false;
    let answered = 0;
    const asking = async (id: number): Promise<void> => {
      const client = open();
      for (let round = 0; !isOver; round++) {
        const wanted = Array.from({ length: 8 }, (_, i) => `${id}:${round}:${i}`);
        expect(await Promise.all(wanted.map((text) => client.echo(text)))).toEqual(wanted);
        answered += wanted.length;
      }
    };
    const transacting = async (id: number): Promise<void> => {
      const client = open();
      for (let round = 1; !isOver; round++)
        expect(await client.multi().incr(`tx:${id}`).echo(String(round)).exec()).toEqual([
          [null, round],
          [null, String(round)],
        ]);
    };
    const subscriber = open();
    const heard: string[] = [];
    subscriber.on("message", (_, text: string) => heard.push(text));
    await subscriber.subscribe("news");
    const publishing = async (): Promise<number> => {
      const client = open();
      let count = 0;
      for (; !isOver; count++) expect(await client.publish("news", String(count))).toBe(1);
      return count;
    };
    const before = await renewals();
    const work = Promise.all([
      publishing(),
      ...Array.from({ length: 20 }, (_, id) => asking(id)),
      ...Array.from({ length: 4 }, (_, id) => transacting(id)),
    ]);
    await Promise.race([
      work,
      until("each connection was logged in anew many times", async () => (await renewals()) - before > 30),
    ]);
    isOver = true;
    const [published] = await work;
    await until("all messages have come", () => heard.length >= published);
    expect(heard).toEqual(Array.from({ length: published }, (_, i) => String(i)));
    expect(answered).toBeGreaterThan(1000);
    expect(cut).toEqual([]);
    expect(complaints).toBe("");
  } finally {
    for (const client of clients) client.disconnect();
    child.kill("SIGKILL");
    await ended;
  }
});
