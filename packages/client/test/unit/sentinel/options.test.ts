import { describe, expect, test } from "vitest";
import { planSentinel, type SentinelOptions } from "../../../src/sentinel/options.ts";
import { createSentinel } from "../../../src/sentinel/sentinel.ts";

const codeOf = (options: SentinelOptions): unknown => {
  try {
    planSentinel(options);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return null;
};

describe("options of createSentinel", () => {
  test("need a name, from the options or the string", () => {
    expect(codeOf({ url: "redis://s1" })).toBe("CONFIG_MISSING");
    expect(codeOf({ url: "redis://s1", name: "" })).toBe("CONFIG_MISSING");
    expect(codeOf({ url: "redis://s1?sentinel=m" })).toBeNull();
    expect(codeOf({ url: "s1,serviceName=m" })).toBeNull();
  });

  test("name the nearest of unknown ones", () => {
    expect(() => createSentinel({ name: "m", sentinelRootNode: [] } as never)).toThrow(/sentinelRootNodes/);
    expect(codeOf({ name: "m", nodeClientOptions: { pasword: "x" } as never })).toBe("CONFIG_UNKNOWN_KEY");
  });

  test("refuse what contradicts itself", () => {
    expect(codeOf({ name: "m", url: "redis://s1", sentinelRootNodes: [{ host: "s2" }] })).toBe(
      "CONFIG_AMBIGUOUS",
    );
    expect(codeOf({ name: "m", sentinelRootNodes: [] })).toBe("CONFIG_NO_ENDPOINT");
    expect(codeOf({ name: "m", nodeClientOptions: { socket: { host: "redis" } as never } })).toBe(
      "CONFIG_INVALID_VALUE",
    );
    expect(codeOf({ name: "m", masterPoolSize: 0 })).toBe("CONFIG_INVALID_VALUE");
    expect(codeOf({ name: "m", replicaPoolSize: -1 })).toBe("CONFIG_INVALID_VALUE");
  });

  test("dial port 26379 where none is said, also with ssl=true", () => {
    const portOf = (url: string) =>
      planSentinel({ url, name: "m" }).settings.target.endpoints.map(({ port }) => port);
    expect(portOf("redis://s1?ssl=true")).toEqual([26_379]);
    expect(portOf("rediss://s1?sentinel=m")).toEqual([26_379]);
    expect(portOf("s1:26380?ssl=true")).toEqual([26_380]);
  });

  test("say TLS once for both kinds of servers, or apart", () => {
    const tls = (options: Partial<SentinelOptions>) => {
      const { settings } = planSentinel({ name: "m", sentinelRootNodes: [{ host: "s1" }], ...options });
      return settings.target.tls.enabled;
    };
    expect(tls({})).toBe(false);
    expect(tls({ nodeClientOptions: { socket: { tls: true } } })).toBe(true);
    expect(tls({ sentinelClientOptions: { socket: { tls: true } } })).toBe(true);
    expect(
      tls({
        sentinelClientOptions: { socket: { tls: true } },
        nodeClientOptions: { socket: { tls: false } },
      }),
    ).toBe(false);
  });
});
