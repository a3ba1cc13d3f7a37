import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient, type RedoubtError } from "@redoubt/client";
import { startFaultProxy, startServer } from "@redoubt/server";
import { describe, expect, test, vi } from "vitest";

/** Through a fault proxy to a TLS server, verified for localhost. */
const through = (uri: string, proxy: { port: number }): string => {
  const url = new URL(uri);
  url.port = String(proxy.port);
  return url.href;
};

describe("a database that was chosen", () => {
  test.each([
    ["select()", (client: Client) => client.select(5)],
    ["a view", (client: Client) => client.withCommandOptions({ timeout: 5000 }).select(5)],
    ["sendCommand()", (client: Client) => client.sendCommand(["select", "5"])],
    ["a transaction", (client: Client) => client.multi().get("where").select(5).exec()],
    ["a pipeline", (client: Client) => client.multi().select(3).select(5).execAsPipeline()],
  ])("by %s is that of the next connection too", async (_, choose) => {
    await using server = await startServer();
    await using client = await createClient(server.uri).connect();
    await using other = await client.duplicate().connect();
    await client.set("where", "in 0");
    await choose(client);
    await client.set("where", "in 5");
    await expect(client.select(1000)).rejects.toMatchObject({ code: "REPLY_DATABASE_RANGE" });
    await other.clientKill({ filter: "ID", id: await client.clientId() });
    await vi.waitFor(async () => expect(await client.get("where")).toBe("in 5"), { timeout: 10_000 });
    expect(await client.clientInfo()).toMatchObject({ db: 5 });
    expect(await other.get("where")).toBe("in 0");
  });
});

describe("connecting", () => {
  test("gives the client, ready, with a report of what was verified", async () => {
    await using server = await startServer();
    const events: string[] = [];
    const client = createClient({ url: server.uri, name: "life" });
    client.on("connect", () => events.push("connect")).on("ready", () => events.push("ready"));
    expect([client.isOpen, client.isReady, client.report]).toEqual([false, false, null]);
    await using connected = await client.connect();
    expect(connected).toBe(client);
    expect([client.isOpen, client.isReady, events]).toEqual([true, true, ["connect", "ready"]]);
    expect(client.report?.tls).toMatchObject({ verifiedName: "localhost", verification: "full" });
    expect(client.report?.stages.map(({ name, ok }) => `${name} ${ok}`)).toEqual([
      "dns true",
      "tcp true",
      "tls true",
      "auth true",
      "setup true",
    ]);
    expect(await client.clientGetName()).toBe("life");
  });

  test("twice is an error, and a command before it too", async () => {
    await using server = await startServer();
    const client = createClient(server.uri);
    await expect(client.get("a")).rejects.toMatchObject({ code: "CLOSED_NOT_CONNECTED", command: "GET" });
    await using connected = await client.connect();
    await expect(connected.connect()).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
  });

  test("a wrong password rejects at once, and nobody has to listen for errors", async () => {
    await using server = await startServer();
    const client = createClient({ url: server.uri, password: "wrong-secret" });
    const start = performance.now();
    const error = await client.connect().catch((reason: RedoubtError) => reason);
    expect(error).toMatchObject({ code: "AUTH_FAILED", stage: "auth", transient: false });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(String((error as Error).stack)).not.toContain("wrong-secret");
    expect(client.isOpen).toBe(false);
  });

  test("a refused port is tried again until the connect timeout, and the error says refused", async () => {
    await using server = await startServer();
    const { tlsPort } = server;
    await server.stop();
    const errors: string[] = [];
    const client = createClient({ url: `redis://localhost:${tlsPort}`, socket: { connectTimeout: 1500 } });
    client.on("error", ({ code }) => errors.push(code));
    const start = performance.now();
    await expect(client.connect()).rejects.toMatchObject({ code: "TCP_REFUSED", stage: "tcp" });
    expect(performance.now() - start).toBeLessThan(6000);
    expect(errors.length).toBeGreaterThan(0);
    expect(new Set(errors)).toEqual(new Set(["TCP_REFUSED"]));
  });

  test("a client that is destroyed while it connects rejects, and can connect again", async () => {
    await using server = await startServer();
    await using proxy = await startFaultProxy({
      to: { host: server.address, port: server.tlsPort as number },
    });
    proxy.stall();
    const client = createClient(through(server.uri, proxy));
    const connecting = client.connect();
    setTimeout(() => client.destroy(), 50);
    await expect(connecting).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
    await proxy.pass();
    await using again = await client.connect();
    expect(await again.ping()).toBe("PONG");
  });
});

describe("losing the connection", () => {
  test("rejects what was in flight, keeps what comes after, and connects again", async () => {
    await using server = await startServer();
    await using proxy = await startFaultProxy({
      to: { host: server.address, port: server.tlsPort as number },
    });
    await using client = await createClient(through(server.uri, proxy)).connect();
    const events: string[] = [];
    client.on("reconnecting", () => events.push("reconnecting")).on("error", ({ code }) => events.push(code));
    await client.set("a", "1");
    proxy.stall();
    const inFlight = client.get("a");
    await delay(20);
    proxy.cut();
    await expect(inFlight).rejects.toMatchObject({
      code: "CLOSED_CONNECTION",
      command: "GET",
      transient: true,
    });
    expect(client.isReady).toBe(false);
    const waiting = client.get("a");
    await proxy.pass();
    expect(await waiting).toBe("1");
    expect(events.slice(0, 2)).toEqual(["CLOSED_CONNECTION", "reconnecting"]);
  });

  test("a server killed with -9 and started again is found again, in order and with the right values", async () => {
    await using server = await startServer();
    await using client = await createClient({
      url: server.uri,
      commandOptions: { timeout: 40_000 },
    }).connect();
    client.on("error", () => {});
    process.kill(server.pid as number, "SIGKILL");
    await expect.poll(() => client.isReady).toBe(false);
    const replies = Promise.all([client.set("k", "1"), client.incr("k"), client.incr("k"), client.get("k")]);
    await server.restart();
    expect(await replies).toEqual(["OK", 2, 3, "3"]);
  });

  test("every promise settles exactly once, and no reply goes to the wrong caller, while the network is cut again and again", async () => {
    await using server = await startServer();
    await using proxy = await startFaultProxy({
      to: { host: server.address, port: server.tlsPort as number },
    });
    await using client = await createClient(through(server.uri, proxy)).connect();
    client.on("error", () => {});
    const keys = Array.from({ length: 200 }, (_, i) => `key:${i}`);
    await Promise.all(keys.map((key) => client.set(key, `value of ${key}`)));
    const outcomes = new Map<string, number>();
    let settled = 0;
    let started = 0;
    let running = true;
    const worker = async (offset: number): Promise<void> => {
      for (let i = offset; running; i++) {
        const key = keys[i % keys.length] as string;
        started++;
        try {
          const value = await client.get(key);
          if (value !== `value of ${key}`) throw new Error(`${key} got ${value}`);
          outcomes.set("ok", (outcomes.get("ok") ?? 0) + 1);
        } catch (error) {
          const code = (error as RedoubtError).code ?? (error as Error).message;
          outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
          await delay(1);
        }
        settled++;
      }
    };
    const workers = Array.from({ length: 20 }, (_, i) => worker(i));
    const answered = (): number => outcomes.get("ok") ?? 0;
    for (let cut = 0; cut < 8; cut++) {
      const before = answered();
      await expect.poll(answered, { interval: 5 }).toBeGreaterThan(before + 60);
      if (cut % 2 === 0) proxy.cut();
      else proxy.reset();
    }
    const before = answered();
    await expect.poll(answered, { interval: 5 }).toBeGreaterThan(before + 60);
    running = false;
    await Promise.all(workers);
    expect(settled).toBe(started);
    expect([...outcomes.keys()].sort()).toEqual(["CLOSED_CONNECTION", "ok"]);
  });

  test("a wrong password found when connecting again is told to those who wait, and the client goes on trying", async () => {
    await using server = await startServer();
    await using client = await createClient(server.uri).connect();
    client.on("error", () => {});
    using control = await server.control();
    await control.call("ACL", "SETUSER", "default", "resetpass", ">another");
    await control.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await expect.poll(() => client.isReady).toBe(false);
    await expect(client.get("a")).rejects.toMatchObject({ code: "AUTH_FAILED", stage: "auth" });
    expect(client.isOpen).toBe(true);
  });

  test("a reconnect strategy can give up", async () => {
    await using server = await startServer();
    const client = await createClient({
      url: server.uri,
      socket: { reconnectStrategy: (retries) => (retries < 2 ? 10 : false) },
    }).connect();
    const ended = new Promise<void>((resolve) => client.once("end", resolve));
    await server.stop();
    await ended;
    expect(client.isOpen).toBe(false);
    await expect(client.get("a")).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
  });
});

describe("closing", () => {
  test("close() answers what was asked and takes nothing more", async () => {
    await using server = await startServer();
    const client = await createClient(server.uri).connect();
    const replies = Promise.all(Array.from({ length: 1000 }, (_, i) => client.echo(`${i}`)));
    const closing = client.close();
    await expect(client.get("a")).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
    await closing;
    expect(await replies).toEqual(Array.from({ length: 1000 }, (_, i) => `${i}`));
    expect(client.isOpen).toBe(false);
  });

  test("close() waits no longer than its grace", async () => {
    await using server = await startServer();
    const client = await createClient(server.uri).connect();
    const blocked = client.blPop("nothing", 0).catch(({ code }: RedoubtError) => code);
    const start = performance.now();
    await client.close({ graceMs: 100 });
    expect(await blocked).toBe("CLOSED_CLIENT");
    expect(performance.now() - start).toBeLessThan(4000);
  });

  test("destroy() rejects what was asked", async () => {
    await using server = await startServer();
    const client = await createClient(server.uri).connect();
    const reply = client.echo("x");
    client.destroy();
    await expect(reply).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
    client.destroy();
  });

  test("a closed client lets the process end: nothing is left behind", async () => {
    await using server = await startServer();
    const before = process.getActiveResourcesInfo().filter((name) => /TLS|TCP|Pipe/.test(name)).length;
    for (let i = 0; i < 5; i++) {
      await using client = await createClient(server.uri).connect();
      await client.ping();
    }
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((name) => /TLS|TCP|Pipe/.test(name)).length)
      .toBeLessThanOrEqual(before);
  });
});
