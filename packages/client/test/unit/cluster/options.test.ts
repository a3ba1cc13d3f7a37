import { describe, expect, test } from "vitest";
import { resolveCluster } from "../../../src/cluster/options.ts";

const seedsOf = (options: Parameters<typeof resolveCluster>[0]) =>
  resolveCluster(options).seeds.map(({ endpoint }) => `${endpoint.host}:${endpoint.port}`);

describe("options of a cluster", () => {
  test("one connection string, several seeds", () => {
    const settings = resolveCluster("rediss://app:secret@a.example.com:7000,b.example.com:7001?cluster=true");
    expect(settings.seeds.map(({ endpoint }) => endpoint.host)).toEqual(["a.example.com", "b.example.com"]);
    expect(settings.node.target).toMatchObject({ username: "app", tls: { enabled: true } });
    expect(settings.servername).toBeNull();
  });

  test("nodes inherit what the first seed says; defaults win for them, and the seed for itself", () => {
    const { node, seeds } = resolveCluster({
      rootNodes: [
        { url: "rediss://app:first@a.example.com:7000", socket: { connectTimeout: 1000 } },
        { url: "rediss://b.example.com:7001", password: "second" },
      ],
      defaults: { socket: { connectTimeout: 2000, tls: { ca: "x" } }, commandOptions: { timeout: 700 } },
    });
    expect(node.target.username).toBe("app");
    expect(node.target.password?.reveal()).toBe("first");
    expect([node.dial.connectTimeout, node.commandTimeout, node.dial.tls?.ca]).toEqual([2000, 700, "x"]);
    expect(seeds.map(({ settings }) => settings.dial.connectTimeout)).toEqual([1000, 2000]);
    expect(seeds[1]?.settings.target.password?.reveal()).toBe("second");
  });

  test("node-redis's way: host and port in rootNodes, the rest in defaults", () => {
    const { node } = resolveCluster({
      rootNodes: [{ socket: { host: "10.0.0.1", port: 7000 } }, { socket: { host: "10.0.0.2", port: 7000 } }],
      defaults: { username: "app", password: "secret", socket: { tls: true } },
    });
    expect(node.target).toMatchObject({ username: "app", tls: { enabled: true } });
    expect(
      seedsOf({ rootNodes: [{ url: "redis://h:1" }, { url: "redis://h:2" }], defaults: { password: "x" } }),
    ).toEqual(["h:1", "h:2"]);
  });

  test("a name that was said outright goes for all nodes; the seed's own is none", () => {
    expect(resolveCluster("rediss://10.0.0.1:1,10.0.0.2:2?servername=c.example.com").servername).toBe(
      "c.example.com",
    );
    expect(resolveCluster("rediss://c.example.com:1,c.example.com:2").servername).toBeNull();
    const defaults = { tls: { servername: "all.example.com" } };
    expect(resolveCluster({ url: "rediss://c.example.com:1", defaults }).servername).toBe("all.example.com");
  });

  test.each<[string, Parameters<typeof resolveCluster>[0], string, RegExp]>([
    ["a misspelt key", { rootnodes: [] } as never, "CONFIG_UNKNOWN_KEY", /rootNodes/],
    ["an option of nodes", { password: "x" } as never, "CONFIG_UNKNOWN_KEY", /defaults/],
    ["a misspelt key of a seed", { rootNodes: [{ hots: 1 } as never] }, "CONFIG_UNKNOWN_KEY", /hots/],
    [
      "two places",
      { url: "redis://a", rootNodes: [{ url: "redis://b" }] },
      "CONFIG_AMBIGUOUS",
      /url and rootNodes/,
    ],
    [
      "a cache over RESP2, where nobody tells of changes",
      { url: "redis://a", clientSideCache: {}, defaults: { RESP: 2 } },
      "CONFIG_INVALID_VALUE",
      /clientSideCache/,
    ],
    ["no seed", { rootNodes: [] }, "CONFIG_NO_ENDPOINT", /rootNodes/],
    ["a number that is none", { url: "redis://a", maxCommandRedirections: -1 }, "CONFIG_INVALID_VALUE", /-1/],
    [
      "TLS for some",
      { rootNodes: [{ url: "rediss://a:1" }, { url: "redis://b:1" }] },
      "CONFIG_INSECURE",
      /TLS/,
    ],
  ])("refuses %s", (_, options, code, message) => {
    expect(() => resolveCluster(options)).toThrow(expect.objectContaining({ code }));
    expect(() => resolveCluster(options)).toThrow(message);
  });
});
