import { describe, expect, test } from "vitest";
import { parse } from "../../../src/config/parse.ts";
import { type WayOptions, wayTo } from "../../../src/discovery/sentinel-targets.ts";

const way = (url: string, host: string, more: Partial<WayOptions> = {}) =>
  wayTo({ host, port: 6379 }, { target: parse(url), options: {}, ...more });

const nameFor = (...args: Parameters<typeof way>): string | null => way(...args).target.tls.servername;

describe("the name that is verified on a server that Sentinels announce", () => {
  const two = "rediss://s1.example.com,s2.example.com/?sentinel=m";
  const shared = "rediss://sentinel.example.com:26379,sentinel.example.com:26380/?sentinel=m";

  test("is the one said for all", () => {
    const said = `${two}&servername=redis.example.com`;
    expect(nameFor(said, "10.0.0.4")).toBe("redis.example.com");
    expect(nameFor(said, "r1.example.com")).toBe("redis.example.com");
  });

  test("else that of the address map", () => {
    const addressMap = { "10.0.0.4": { host: "10.0.0.4", servername: "r1.example.com" } };
    expect(nameFor(shared, "10.0.0.4", { addressMap })).toBe("r1.example.com");
  });

  test("else the name dialled: null lets the dialler take it", () => {
    expect(nameFor(shared, "r1.example.com")).toBeNull();
    expect(nameFor(two, "10.0.0.4", { addressMap: { "10.0.0.4": "r1.example.com" } })).toBeNull();
  });

  test("else, for a bare address, the one DNS name of all Sentinels", () => {
    expect(nameFor(shared, "10.0.0.4")).toBe("sentinel.example.com");
    expect(nameFor(two, "10.0.0.4")).toBeNull();
  });
});

describe("a host filter", () => {
  const base = "rediss://user:secret@s1.example.com/3?sentinel=m&sslrootcert=/ca.pem";

  test("adds TLS as ServiceStack's does, and keeps the port", () => {
    const { target, endpoint } = way("redis://s1:26379?sentinel=m", "10.0.0.4", {
      hostFilter: (host) => `${host}?ssl=true&sslprotocols=Tls12`,
    });
    expect(endpoint).toEqual({ host: "10.0.0.4", port: 6379 });
    expect(target.tls).toMatchObject({ enabled: true, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" });
  });

  test("leaves what it does not say", () => {
    const { target } = way(base, "10.0.0.4", { hostFilter: (host) => host });
    expect(target).toMatchObject({ username: "user", database: 3, sentinel: null });
    expect(target.password?.reveal()).toBe("secret");
    expect(target.tls).toMatchObject({ enabled: true, caFile: "/ca.pem" });
  });

  test("has its own way with credentials, and cannot switch TLS off", () => {
    const { target } = way(base, "10.0.0.4", { hostFilter: (host) => `redis://:other@${host}` });
    expect(target.username).toBeNull();
    expect(target.password?.reveal()).toBe("other");
    expect(target.tls.enabled).toBe(true);
  });

  test("gets the mapped address", () => {
    const seen: string[] = [];
    way(base, "10.0.0.4", {
      addressMap: { "10.0.0.4": "r1.example.com:7000" },
      hostFilter: (host) => {
        seen.push(host);
        return host;
      },
    });
    expect(seen).toEqual(["r1.example.com:7000"]);
  });
});
