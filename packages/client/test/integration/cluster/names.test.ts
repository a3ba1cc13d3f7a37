import { type Cluster, createCluster, parse } from "@redoubt/client";
import { type FaultProxy, type RedisServer, startCluster, startFaultProxy } from "@redoubt/server";
import { describe, expect, test } from "vitest";

/** A connection string for one seed, by name or address. */
function seedUri(server: RedisServer, host: string, port = server.tlsPort as number): string {
  const url = new URL(server.uri);
  url.host = `${host}:${port}`;
  url.searchParams.delete("servername");
  return url.href;
}

/** Lets every node announce something that cannot be reached from here. */
async function announce(
  servers: readonly RedisServer[],
  lines: (i: number) => Record<string, string>,
): Promise<void> {
  await Promise.all(
    servers.map((server, i) => server.command("CONFIG", "SET", ...Object.entries(lines(i)).flat())),
  );
  // What a node announces reaches the others with the next words between them.
  for (const server of servers) {
    for (let attempt = 0; ; attempt++) {
      const nodes = String(await server.command("CLUSTER", "NODES"));
      const expected = servers.map((_, i) => Object.values(lines(i))[0] as string);
      if (expected.every((word) => nodes.includes(word))) break;
      if (attempt === 400) throw new Error("the nodes do not know what the others announce");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function writesEverywhere(cluster: Cluster): Promise<void> {
  const keys = Array.from({ length: 30 }, (_, i) => `key:${i}`);
  await cluster.mSet(keys.map((key): [string, string] => [key, `value of ${key}`]));
  for (const key of keys) expect(await cluster.get(key)).toBe(`value of ${key}`);
}

describe("which name a node must prove", () => {
  test("certificates with the seed's name alone: nodes are announced by IP and verified by that name", async () => {
    await using servers = await startCluster({ names: ["localhost"] });
    await using cluster = await createCluster(
      seedUri(servers.primaries[0] as RedisServer, "localhost"),
    ).connect();
    await writesEverywhere(cluster);
    expect(cluster.masters.map(({ host }) => host)).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1"]);
    for (const { report } of cluster.masters)
      expect(report?.tls).toMatchObject({ verifiedName: "localhost", verification: "full" });
  });

  test("on Azure the seed's name comes before the address: no handshake is spent on what cannot match", async () => {
    await using servers = await startCluster({ primaries: 2, names: ["localhost"] });
    const second = servers.primaries[1] as RedisServer;
    const parsed = parse(seedUri(servers.primaries[0] as RedisServer, "localhost"));
    for (const [provider, dials] of [
      ["azure-managed-redis", 1],
      [null, 2],
    ] as const) {
      await using proxy = await startFaultProxy({
        to: { host: second.address, port: second.tlsPort as number },
      });
      const nodeAddressMap = { [`127.0.0.1:${second.tlsPort}`]: `127.0.0.1:${proxy.port}` };
      await using cluster = await createCluster({
        target: { ...parsed, provider },
        nodeAddressMap,
      }).connect();
      expect(cluster.masters.map(({ report }) => report?.tls?.verifiedName)).toEqual([
        "localhost",
        "localhost",
      ]);
      expect(proxy.connections).toBe(dials);
    }
  });

  test("certificates with addresses: each node proves its own", async () => {
    await using servers = await startCluster({ names: ["127.0.0.1"] });
    await using cluster = await createCluster(
      seedUri(servers.primaries[0] as RedisServer, "127.0.0.1"),
    ).connect();
    await writesEverywhere(cluster);
    for (const { report } of cluster.masters) expect(report?.tls?.verifiedName).toBe("127.0.0.1");
  });

  test("an announced host name comes first", async () => {
    await using servers = await startCluster({ names: ["localhost", "*.example.com"] });
    await announce(servers.primaries, (i) => ({ "cluster-announce-hostname": `n${i}.example.com` }));
    await using cluster = await createCluster(
      seedUri(servers.primaries[0] as RedisServer, "localhost"),
    ).connect();
    await writesEverywhere(cluster);
    expect(cluster.masters.map(({ report }) => report?.tls?.verifiedName)).toEqual([
      "n0.example.com",
      "n1.example.com",
      "n2.example.com",
    ]);
  });

  test("a certificate with neither is refused, with the names and a way out", async () => {
    await using servers = await startCluster({ names: ["other.example.com"] });
    const seed = servers.primaries[0] as RedisServer;
    const uri = new URL(seedUri(seed, "localhost"));
    uri.searchParams.set("servername", "other.example.com");
    await using cluster = await createCluster(uri.href).connect();
    await writesEverywhere(cluster);
    const strict = createCluster({
      url: uri.href,
      nodeAddressMap: (address) => ({
        host: address.split(":")[0] as string,
        servername: "wrong.example.com",
      }),
    });
    await expect(strict.connect()).rejects.toMatchObject({
      code: "TLS_NAME_MISMATCH",
      message: expect.stringMatching(/wrong\.example\.com.*other\.example\.com/s),
      hint: expect.stringContaining("nodeAddressMap"),
      stage: "tls",
    });
    expect(strict.isOpen).toBe(false);
  });
});

describe("nodes behind other addresses", () => {
  /** A proxy in front of each node. */
  async function proxiesFor(servers: readonly RedisServer[]): Promise<FaultProxy[]> {
    return Promise.all(
      servers.map((server) =>
        startFaultProxy({ to: { host: server.address, port: server.tlsPort as number } }),
      ),
    );
  }

  test("names and ports that lead nowhere, mapped one by one, by pattern and by function", async () => {
    await using servers = await startCluster({ names: ["localhost"] });
    const proxies = await proxiesFor(servers.primaries);
    const ports = proxies.map(({ port }) => port);
    await announce(servers.primaries, (i) => ({
      "cluster-announce-hostname": `n${i}.cluster.invalid`,
      "cluster-announce-tls-port": String(i + 1),
      "cluster-preferred-endpoint-type": "hostname",
    }));
    const url = seedUri(servers.primaries[0] as RedisServer, "localhost", ports[0]);
    const exact = Object.fromEntries(
      ports.map((port, i) => [`n${i}.cluster.invalid:${i + 1}`, `localhost:${port}`]),
    );
    const patterns = Object.fromEntries(
      ports.map((port, i) => [`n*.cluster.invalid:${i + 1}`, `localhost:${port}`]),
    );
    for (const nodeAddressMap of [exact, patterns, (address: string) => exact[address]]) {
      const before = proxies.map(({ connections }) => connections);
      await using cluster = await createCluster({ url, nodeAddressMap }).connect();
      await writesEverywhere(cluster);
      expect(cluster.masters.map(({ address }) => address)).toEqual(Object.keys(exact));
      expect(cluster.masters.map(({ port }) => port)).toEqual(ports);
      expect(proxies.every(({ connections }, i) => connections > (before[i] as number))).toBe(true);
      // MOVED names such an address, too.
      await cluster.set("foo", "value of foo");
      for (const node of cluster.masters) expect(await node.get("foo")).toBe("value of foo");
    }
    const unmapped = createCluster({ url, defaults: { socket: { connectTimeout: 5000 } } });
    await expect(unmapped.connect()).rejects.toMatchObject({
      stage: "dns",
      address: expect.stringContaining("cluster.invalid"),
    });
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  });

  test("nodes that announce no endpoint are where the seed is, on their ports", async () => {
    await using servers = await startCluster({ names: ["localhost"] });
    await Promise.all(
      servers.primaries.map((server) =>
        server.command("CONFIG", "SET", "cluster-preferred-endpoint-type", "unknown-endpoint"),
      ),
    );
    await using cluster = await createCluster(
      seedUri(servers.primaries[0] as RedisServer, "localhost"),
    ).connect();
    await writesEverywhere(cluster);
    expect(cluster.masters.map(({ host }) => host)).toEqual(["localhost", "localhost", "localhost"]);
    for (const node of cluster.masters) expect(await node.get("foo")).toBeNull();
  });
});
