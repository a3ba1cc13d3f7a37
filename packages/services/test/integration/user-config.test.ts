import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, format, parse, RedoubtError } from "@redoubt/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readChanges } from "../../src/catalog/assignment.ts";
import { optionTables } from "../../src/catalog/option-table.ts";
import type { Service, Services } from "../../src/index.ts";
import { openServices } from "../../src/index.ts";
import { refusedTexts } from "../unit/catalog/option-cases.ts";

let home: string;
let services: Services;
const name = "options";

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "redoubt-options-"));
  services = openServices({ home });
  // Everything is allowed, so that the options can be read back from outside.
  await services.create(name, { policy: { commands: "all" } });
}, 120_000);

afterAll(async () => {
  for (const made of await services.names()) await services.terminate(made);
  await rm(home, { recursive: true, force: true });
}, 120_000);

/** A client of a service, chain and name verified where there is TLS. */
async function connect({ uri, caFile }: Service) {
  const target = parse(uri);
  const { tls } = target;
  const trusting = tls.enabled ? { ...target, tls: { ...tls, caFile } } : target;
  return createClient(format(trusting, "url", { reveal: true })).connect();
}

/** Sets an option as `-c` does. */
async function set(...assignments: readonly string[]): Promise<Service> {
  return services.update(name, { userConfig: readChanges("redis", assignments, []) });
}

/** A directive as the running server has it. */
async function directive(service: Service, of: string): Promise<string | undefined> {
  await using client = await connect(service);
  const found = (await client.configGet(of)) as Record<string, string>;
  return found[of];
}

const backToDefault = async (option: string) => services.update(name, { removeOptions: [option] });

/** A directive of the server: what it is after some values, and after the option was removed. */
const byDirective =
  (
    of: string,
    values: readonly (readonly [text: string, is: string | RegExp])[],
    afterwards: string | RegExp,
  ) =>
  async (option: string): Promise<void> => {
    for (const [text, is] of values) {
      const read = await directive(await set(`${option}=${text}`), of);
      if (typeof is === "string") expect(read, text).toBe(is);
      else expect(read, text).toMatch(is);
    }
    const read = await directive(await backToDefault(option), of);
    if (typeof afterwards === "string") expect(read).toBe(afterwards);
    else expect(read).toMatch(afterwards);
  };

/** An option that means something in a cloud only: it is kept, shown, and changes nothing. */
const isKept =
  (text: string, value: unknown) =>
  async (option: string): Promise<void> => {
    const before = await services.get(name);
    const service = await set(text);
    expect(service.userConfig[option]).toEqual(value);
    expect(service.uri).toBe(before.uri);
    expect((await backToDefault(option)).userConfig).not.toHaveProperty(option);
  };

/** One case for each option of Redis: that it takes effect. */
const cases: Readonly<Record<string, (option: string) => Promise<void>>> = {
  redis_ssl: async (option) => {
    const before = await services.get(name);
    const plain = await set(`${option}=no`);
    expect(plain.uri).toMatch(/^redis:\/\//);
    await using client = await connect(plain);
    expect(await client.ping()).toBe("PONG");
    const after = await set(`${option}=yes`);
    expect(after.uri).toBe(before.uri);
    await using again = await connect(after);
    expect(await again.ping()).toBe("PONG");
  },
  redis_maxmemory_policy: byDirective(
    "maxmemory-policy",
    [
      ["allkeys-lru", "allkeys-lru"],
      ["volatile-ttl", "volatile-ttl"],
    ],
    "noeviction",
  ),
  redis_timeout: byDirective(
    "timeout",
    [
      ["0", "0"],
      ["2073600", "2073600"],
    ],
    "300",
  ),
  redis_notify_keyspace_events: byDirective("notify-keyspace-events", [["KEA", "AKE"]], ""),
  redis_persistence: byDirective(
    "save",
    [
      ["off", ""],
      ["rdb", /^\d+ \d+/],
    ],
    /^\d+ \d+/,
  ),
  redis_acl_channels_default: async (option) => {
    await set(`${option}=resetchannels`);
    expect(await channelsOfNewUser("quiet")).toBe("");
    await backToDefault(option);
    expect(await channelsOfNewUser("loud")).toBe("&*");
  },
  redis_number_of_databases: async (option) => {
    const service = await set(`${option}=32`);
    expect(await directive(service, "databases")).toBe("32");
    await using client = await connect(service);
    await client.select(20);
    await client.set("in", "database 20");
    // The server would not start again with them: nothing is lost without being said.
    await expect(backToDefault(option)).rejects.toMatchObject({
      code: "SERVICE_UNFIT",
      message: expect.stringContaining("db20") as string,
    });
    expect(await client.get("in")).toBe("database 20");
    await client.del("in");
    expect(await directive(await backToDefault(option), "databases")).toBe("16");
  },
  redis_io_threads: byDirective("io-threads", [["2", "2"]], "1"),
  redis_lfu_log_factor: byDirective("lfu-log-factor", [["0", "0"]], "10"),
  redis_lfu_decay_time: byDirective("lfu-decay-time", [["120", "120"]], "1"),
  redis_pubsub_client_output_buffer_limit: byDirective(
    "client-output-buffer-limit",
    [["64", /pubsub 67108864 16777216 60/]],
    /pubsub 33554432 8388608 60/,
  ),
  redis_version: async (option) => {
    const { version } = await services.get(name);
    const installed = (version ?? "").split(".").slice(0, 2).join(".");
    const row = optionTables.redis.get(option);
    const words = row?.type.kind === "word" ? row.type.words : [];
    expect(words.length).toBeGreaterThan(0);
    for (const word of words) {
      const change = set(`${option}=${word}`);
      if (word === installed) expect((await change).userConfig[option]).toBe(word);
      else
        await expect(change).rejects.toMatchObject({
          message: expect.stringContaining(version ?? "?") as string,
        });
    }
    await backToDefault(option);
  },
  ip_filter: async (option) => {
    const closed = await set(`${option}=10.0.0.0/8`);
    await expect(connect(closed)).rejects.toBeInstanceOf(RedoubtError);
    const nobody = await set(`${option}=`);
    await expect(connect(nobody)).rejects.toBeInstanceOf(RedoubtError);
    await using client = await connect(await set(`${option}=127.0.0.0/8,::1`));
    expect(await client.ping()).toBe("PONG");
    const direct = services.update(name, { route: "direct" });
    await expect(direct).rejects.toMatchObject({ code: "SERVICE_UNFIT" });
    await backToDefault(option);
  },
  service_log: async (option) => {
    expect((await services.logs(name)).lines.length).toBeGreaterThan(0);
    await set(`${option}=false`);
    expect((await services.logs(name)).lines).toEqual([]);
    await backToDefault(option);
  },
  backup_hour: isKept("backup_hour=3", 3),
  backup_minute: isKept("backup_minute=30", 30),
  recovery_basebackup_name: async () => {
    await using client = await connect(await services.get(name));
    await client.set("of", "the first backup");
    const first = await services.backupNow(name);
    await client.set("of", "the second");
    await services.backupNow(name);
    const userConfig = { service_to_fork_from: name, recovery_basebackup_name: first.name };
    await using copy = await connect(await services.create("older", { userConfig }));
    expect(await copy.get("of")).toBe("the first backup");
  },
  service_to_fork_from: async () => {
    await using client = await connect(await services.get(name));
    await client.set("of", "the newest backup");
    await services.backupNow(name);
    await using copy = await connect(
      await services.create("newest", { userConfig: { service_to_fork_from: name } }),
    );
    expect(await copy.get("of")).toBe("the newest backup");
    const update = services.update(name, { userConfig: { service_to_fork_from: "newest" } });
    await expect(update).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
  },
  project_to_fork_from: async (option) => {
    const update = services.update(name, { userConfig: { [option]: "other" } });
    await expect(update).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
  },
  static_ips: isKept("static_ips=true", true),
  public_access: isKept("public_access.redis=true", { redis: true }),
  private_access: isKept("private_access.prometheus=yes", { prometheus: true }),
  privatelink_access: isKept("privatelink_access.redis=on", { redis: true }),
  additional_backup_regions: isKept("additional_backup_regions=eu-west-1", ["eu-west-1"]),
  migration: async (option) => {
    const service = await set(
      "migration.host=old.example.com",
      "migration.port=6380",
      "migration.password=abcdefgh",
    );
    expect(service.userConfig[option]).toEqual({ host: "old.example.com", port: 6380, password: "abcdefgh" });
    await expect(set("migration.port=70000")).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
    await backToDefault(option);
  },
};

async function channelsOfNewUser(username: string): Promise<unknown> {
  await services.userCreate(name, username, { accessControl: { keys: ["*"] } });
  await using client = await connect(await services.get(name));
  const user = (await client.aclGetUser(username)) as { readonly channels: unknown };
  await services.userDelete(name, username);
  return user.channels;
}

test("every option has its case", () => {
  expect(Object.keys(cases).sort()).toEqual([...optionTables.redis.keys()].sort());
});

describe("every option takes effect, and is read back from the server", () => {
  test.each([...optionTables.redis.keys()])(
    "%s",
    async (option) => {
      const takesEffect = cases[option] as (option: string) => Promise<void>;
      await takesEffect(option);
      expect((await services.get(name)).state).toBe("RUNNING");
    },
    180_000,
  );
});

test("every bad value is refused, and the service stays as it is", async () => {
  const before = await services.get(name);
  for (const [option, { type }] of optionTables.redis)
    for (const text of refusedTexts(type))
      await expect(async () => set(`${option}=${text}`), `${option}=${text}`).rejects.toMatchObject({
        code: expect.stringMatching(/^CONFIG_/) as string,
        message: expect.stringContaining(option) as string,
      });
  expect((await services.get(name)).revision).toBe(before.revision);
});
