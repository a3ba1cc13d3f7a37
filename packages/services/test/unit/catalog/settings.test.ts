import { describe, expect, test } from "vitest";
import { optionTables, publicConfig } from "../../../src/catalog/option-table.ts";
import { planNamed, plans, typeAndPlan } from "../../../src/catalog/plans.ts";
import { serviceTypeNames } from "../../../src/catalog/service-types.ts";
import { settingsOf } from "../../../src/catalog/settings.ts";

const startup = planNamed("startup-1");
const argumentsOf = (settings: ReturnType<typeof settingsOf>, name: string) =>
  settings.directives.find(([directive]) => directive === name)?.slice(1);

describe("plans", () => {
  test("names are unique, and nodes, memory and limits follow from them", () => {
    expect(new Set(plans.map(({ name }) => name)).size).toBe(plans.length);
    expect(planNamed("startup-4")).toMatchObject({
      topology: "single",
      nodes: 1,
      sentinels: 0,
      memory: 4 * 2 ** 30,
      maxMemory: Math.floor(0.7 * 4 * 2 ** 30),
      connections: 16_384,
      backupDays: 1,
    });
    expect(planNamed("business-4")).toMatchObject({
      topology: "replicated",
      nodes: 2,
      sentinels: 3,
      backupDays: 3,
    });
    expect(planNamed("premium-4")).toMatchObject({ nodes: 3, sentinels: 3, backupDays: 13 });
    expect(planNamed("cluster-3")).toMatchObject({ topology: "cluster", nodes: 3, sentinels: 0 });
    expect(planNamed("hobbyist")).toMatchObject({ nodes: 1, backupDays: 0, connections: 10_000 });
  });

  test("an unknown one names the nearest", () => {
    expect(() => planNamed("startup-5")).toThrow(
      expect.objectContaining({ code: "CONFIG_UNKNOWN_KEY" }) as Error,
    );
    expect(() => planNamed("buisness-4")).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining("Did you mean business-4?") as string,
      }) as Error,
    );
    expect(() => typeAndPlan("redus", undefined)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("Did you mean redis?") as string }) as Error,
    );
  });

  test("the plan inside of the type wins; without any it is redis:startup-1", () => {
    expect(typeAndPlan("valkey:premium-4", "startup-1")).toMatchObject({
      type: "valkey",
      plan: { name: "premium-4" },
    });
    expect(typeAndPlan("redis", "business-1").plan.name).toBe("business-1");
    expect(typeAndPlan(undefined, undefined)).toMatchObject({ type: "redis", plan: { name: "startup-1" } });
  });
});

describe("settingsOf", () => {
  test("the defaults are those of the managed service", () => {
    const settings = settingsOf("redis", startup, {});
    expect(settings).toMatchObject({
      tls: true,
      persistence: "rdb",
      channelsDefault: "allchannels",
      allowedNetworks: null,
      backupHour: null,
      keepsLogs: true,
    });
    expect(settings.restarting).toEqual(["databases", "io-threads"]);
    expect(argumentsOf(settings, "timeout")).toEqual(["300"]);
    expect(argumentsOf(settings, "maxmemory")).toEqual([String(startup.maxMemory)]);
  });

  test("what is set is what comes of it", () => {
    const settings = settingsOf("redis", startup, {
      redis_ssl: false,
      redis_persistence: "off",
      redis_pubsub_client_output_buffer_limit: 64,
      ip_filter: ["127.0.0.1", { network: "10.0.0.0/8", description: "" }],
      backup_hour: 3,
    });
    expect(settings).toMatchObject({
      tls: false,
      persistence: "off",
      allowedNetworks: ["127.0.0.1/32", "10.0.0.0/8"],
      backupHour: 3,
    });
    expect(argumentsOf(settings, "save")).toEqual([""]);
    expect(argumentsOf(settings, "client-output-buffer-limit")).toEqual([
      "pubsub",
      "67108864",
      "16777216",
      "60",
    ]);
  });

  test("an empty filter lets nobody in", () => {
    expect(settingsOf("redis", startup, { ip_filter: [] }).allowedNetworks).toEqual([]);
  });

  test("without frequent snapshots Valkey takes none by itself", () => {
    expect(argumentsOf(settingsOf("valkey", startup, {}), "save")).toEqual(["600", "1"]);
    expect(argumentsOf(settingsOf("valkey", startup, { frequent_snapshots: false }), "save")).toEqual([""]);
  });

  test("secrets of options are masked where they are shown", () => {
    const config = {
      redis_timeout: 5,
      migration: { host: "h", port: 1, password: "abcdefgh" },
      ip_filter: [],
    };
    expect(publicConfig("redis", config)).toEqual({
      redis_timeout: 5,
      migration: { host: "h", port: 1, password: "*****" },
      ip_filter: [],
    });
  });

  test("every option says what it does here", () => {
    for (const type of serviceTypeNames)
      for (const [name, row] of optionTables[type]) {
        expect(row.here, name).toMatch(/\.$/);
        expect(row.meaning, name).toMatch(/\.$/);
        if (row.effect.by === "kept") expect(row.here, name).toMatch(/^Nothing: /);
      }
  });
});
