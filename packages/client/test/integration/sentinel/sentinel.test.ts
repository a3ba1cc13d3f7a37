import { inspect } from "node:util";
import { createClient, createSentinel, parse, type RedoubtError, type TopologyChange } from "@redoubt/client";
import { type SentinelSet, startFaultProxy, startSentinels, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let set: SentinelSet;

beforeAll(async () => {
  set = await startSentinels({ replicas: 2, downAfter: 500 });
});

afterAll(() => set.stop());

/** The Sentinels' own password, which only the connection string tells. */
const sentinelPassword = (): string => parse(set.uri).sentinel?.password?.reveal() ?? "";

const roots = () => set.sentinels.map(({ host, tlsPort }) => ({ host, port: tlsPort as number }));

const nodes = (password = set.primary.password as string) => ({
  password,
  socket: { tls: { ca: set.authority.certificate } },
});

describe("ways to say it", () => {
  test("one string, to createClient and to createSentinel", async () => {
    await using client = await createClient(set.uri).connect();
    await client.set("one", "string");
    expect(client.report?.endpoint.port).toBe(set.primary.tlsPort);
    await using sentinel = await createSentinel(set.uri).connect();
    expect(await sentinel.get("one")).toBe("string");
    expect(sentinel.getMasterNode()).toEqual({ host: "127.0.0.1", port: set.primary.tlsPort });
  });

  test("node-redis's options, TLS said once and credentials apart", async () => {
    await using sentinel = await createSentinel({
      name: set.masterName,
      sentinelRootNodes: roots(),
      nodeClientOptions: { ...nodes(), database: 3 },
      sentinelClientOptions: { password: sentinelPassword() },
    }).connect();
    await sentinel.set("where", "database 3");
    expect((await sentinel.clientInfo()).db).toBe(3);
    expect(sentinel.report?.tls?.verification).toBe("full");
  });

  test("ServiceStack's: string, name and a filter that adds TLS to each host", async () => {
    const [first] = roots();
    const seen: string[] = [];
    const sentinel = createSentinel(
      `redis://localhost:${first?.port}?ssl=true&sslrootcert=${set.primary.caFile}&password=${sentinelPassword()}`,
      set.masterName,
      {
        hostFilter: (host) => {
          seen.push(host);
          return `${set.primary.password}@${host}?ssl=true&sslprotocols=Tls12`;
        },
      },
    );
    await using connected = await sentinel.connect();
    expect(await connected.ping()).toBe("PONG");
    expect(connected.report?.tls?.protocol).toBe("TLSv1.2");
    expect(seen).toContain(`127.0.0.1:${set.primary.tlsPort}`);
  });

  test("printing it shows no secret", () => {
    const sentinel = createSentinel(set.uri);
    expect(`${JSON.stringify(sentinel)} ${inspect(sentinel, { depth: 9, showHidden: true })}`).not.toContain(
      sentinelPassword(),
    );
  });
});

test("the health of a client that is not connected is asked of the master, and lets go of the Sentinels", async () => {
  const client = createClient(set.uri);
  expect(await client.health()).toMatchObject({ live: true });
  await using connected = await client.connect();
  expect(await connected.health()).toMatchObject({ live: true, ready: true });
});

describe("what goes wrong is said", () => {
  const connecting = (promise: Promise<unknown>): Promise<RedoubtError> =>
    promise.then(
      () => Promise.reject(new Error("it connected")),
      (error: RedoubtError) => error,
    );

  test("a name that no Sentinel watches, with the names that they do", async () => {
    const error = await connecting(createSentinel(set.uri, "another").connect());
    expect(error).toMatchObject({ code: "TOPOLOGY_MASTER_UNKNOWN", transient: false });
    expect(error.message).toContain(set.masterName);
  });

  test("a data server in place of a Sentinel", async () => {
    const error = await connecting(createSentinel(set.primary.uri, set.masterName).connect());
    expect(error).toMatchObject({ code: "TOPOLOGY_NOT_SENTINEL" });
  });

  test("no Sentinel there, when the time is over", async () => {
    const uri = `rediss://localhost:1,localhost:2?sentinel=mymaster`;
    const error = await connecting(createClient({ url: uri, socket: { connectTimeout: 1500 } }).connect());
    expect(error).toMatchObject({ code: "TOPOLOGY_NO_SENTINEL", transient: true });
    expect(error.message).toContain("refused");
  });

  test("a wrong password of the Sentinels, at once and without the password", async () => {
    const url = new URL(set.primary.uri);
    const error = await connecting(
      createSentinel({
        name: set.masterName,
        sentinelRootNodes: roots(),
        nodeClientOptions: nodes(),
        sentinelClientOptions: { password: "wrong-secret" },
      }).connect(),
    );
    expect(error).toMatchObject({ code: "AUTH_FAILED" });
    expect(String(error.stack)).not.toContain("wrong-secret");
    expect(url.password).not.toBe("");
  });

  test("a certificate for another name: credentials are not sent, and the announced address is in the message", async () => {
    const error = await connecting(
      createSentinel({
        url: set.uri,
        nodeAddressMap: (address) => ({
          host: address.split(":")[0] as string,
          servername: "redis.example.com",
        }),
      }).connect(),
    );
    expect(error.code).toBe("TLS_NAME_MISMATCH");
    expect(error.message).toContain("redis.example.com");
  });

  test("an address that leads nowhere from here", async () => {
    const error = await connecting(
      createSentinel({
        url: set.uri,
        nodeAddressMap: { [`127.0.0.1:${set.primary.tlsPort}`]: "127.0.0.1:1" },
        nodeClientOptions: { socket: { connectTimeout: 2000 } },
      }).connect(),
    );
    expect(error).toMatchObject({ code: "TOPOLOGY_UNREACHABLE", transient: true });
    expect(error.message).toContain(`127.0.0.1:${set.primary.tlsPort}`);
    expect(error.message).toContain("127.0.0.1:1");
  });

  test("a replica that is named as master", async () => {
    const replica = set.replicas[0]?.tlsPort;
    const error = await connecting(
      createSentinel({
        url: set.uri,
        nodeAddressMap: { [`127.0.0.1:${set.primary.tlsPort}`]: `127.0.0.1:${replica}` },
        nodeClientOptions: { socket: { connectTimeout: 2000 } },
      }).connect(),
    );
    expect(error).toMatchObject({ code: "TOPOLOGY_WRONG_ROLE", transient: true });
  });
});

describe("Sentinels", () => {
  test("one that is named leads to the others", async () => {
    const [first] = roots();
    const changes: TopologyChange[] = [];
    const sentinel = createSentinel({
      name: set.masterName,
      sentinelRootNodes: [first as { host: string; port: number }],
      nodeClientOptions: nodes(),
      sentinelClientOptions: { password: sentinelPassword() },
    }).on("topology-change", (change) => changes.push(change));
    await using _ = await sentinel.connect();
    await expect.poll(() => changes.filter(({ type }) => type === "SENTINEL_UP").length).toBe(3);
  });

  test("those that are away do no harm, and those that swallow packets cost no time", async () => {
    const [first] = roots();
    await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: first?.port as number } });
    proxy.stall();
    const start = performance.now();
    await using sentinel = await createSentinel({
      name: set.masterName,
      sentinelRootNodes: [
        { host: "localhost", port: proxy.port },
        { host: "localhost", port: 1 },
        ...roots().slice(1),
      ],
      nodeClientOptions: nodes(),
      sentinelClientOptions: { password: sentinelPassword() },
    }).connect();
    expect(await sentinel.ping()).toBe("PONG");
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("a closed client lets go of all Sentinels", async () => {
    const proxies = await Promise.all(
      roots().map(({ port }) => startFaultProxy({ to: { host: "127.0.0.1", port } })),
    );
    const sentinel = await createSentinel({
      name: set.masterName,
      sentinelRootNodes: proxies.map(({ port }) => ({ host: "localhost", port })),
      nodeClientOptions: nodes(),
      sentinelClientOptions: { password: sentinelPassword() },
    }).connect();
    await expect.poll(() => proxies.map(({ open }) => open > 0)).toEqual([true, true, true]);
    await sentinel.close();
    await expect.poll(() => proxies.map(({ open }) => open)).toEqual([0, 0, 0]);
    for (const proxy of proxies) await proxy.stop();
  });
});

describe("replicas", () => {
  test("serve what only reads, and the master the rest", async () => {
    await using sentinel = await createSentinel({ url: set.uri, replicaPoolSize: 1 }).connect();
    await expect.poll(() => sentinel.getReplicaNodes().size).toBe(2);
    await sentinel.set("read", "me");
    expect(await sentinel.wait(2, 20_000)).toBe(2);
    const asked = async () =>
      Promise.all(
        set.replicas.map(
          async (replica) =>
            /cmdstat_get:calls=(\d+)/.exec(String(await replica.command("INFO", "commandstats")))?.[1],
        ),
      );
    for (let i = 0; i < 20; i++) expect(await sentinel.get("read")).toBe("me");
    const counts = (await asked()).map(Number);
    expect(counts.every((count) => count >= 5)).toBe(true);
    expect((await sentinel.role()).role).toBe("master");
    expect(await sentinel.sendCommand(true, ["GET", "read"])).toBe("me");
    expect(await sentinel.sendCommand(["GET", "read"])).toBe("me");
  });
});

test("a cache is shared by master, replicas and lent clients", async () => {
  await using sentinel = await createSentinel({
    url: set.uri,
    replicaPoolSize: 1,
    clientSideCache: {},
  }).connect();
  await expect.poll(() => sentinel.getReplicaNodes().size).toBe(2);
  for (let i = 0; i < 10; i++) {
    await sentinel.set("cached", i);
    expect(await sentinel.wait(2, 20_000)).toBe(2);
    await expect.poll(() => sentinel.get("cached")).toBe(String(i));
    await sentinel.use((client) => client.set("cached", `lent ${i}`));
    await expect.poll(() => sentinel.get("cached")).toBe(`lent ${i}`);
  }
  await expect.poll(async () => (await sentinel.get("cached")) && sentinel.clientSideCache?.size()).toBe(1);
  const before = sentinel.clientSideCache?.stats();
  for (let i = 0; i < 10; i++) expect(await sentinel.get("cached")).toBe("lent 9");
  expect(before && sentinel.clientSideCache?.stats().minus(before)).toMatchObject({
    hitCount: 10,
    missCount: 0,
  });
});

describe("clients for one task", () => {
  test("use() and acquire() give a client to the master; watch works on it", async () => {
    await using sentinel = await createSentinel({ url: set.uri, masterPoolSize: 2 }).connect();
    const result = await sentinel.use(async (client) => {
      await client.watch("stock");
      await client.set("other", "1");
      return client.multi().set("stock", "9").get("stock").exec();
    });
    expect(result).toEqual(["OK", "9"]);
    const lease = await sentinel.acquire();
    await lease.watch("stock");
    await sentinel.set("stock", "8");
    await expect(lease.multi().set("stock", "7").exec()).rejects.toMatchObject({ code: "REPLY_CONFLICT" });
    lease.release();
    await expect(lease.get("stock")).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
  });
});

test("a server without Sentinels is no Sentinel, whatever the protocol", async () => {
  await using server = await startServer();
  await expect(
    createSentinel({
      url: server.uri,
      name: "mymaster",
      sentinelClientOptions: { RESP: 2 },
      nodeClientOptions: {},
    }).connect(),
  ).rejects.toMatchObject({ code: "TOPOLOGY_NOT_SENTINEL" });
});
