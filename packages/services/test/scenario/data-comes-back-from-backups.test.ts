import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@redoubt/client";
import { expect, test } from "vitest";
import { ground, say } from "../ground.ts";

test("a backup is restored, forked into a new service, and taken once more before the service is powered off", async () => {
  await using place = await ground();
  const { services } = place;
  const { uri } = await services.create("shop", { type: "redis:startup-1" });
  await say(place, uri, ["SET", "a", "then"]);
  const first = await services.backupNow("shop");
  expect(first).toMatchObject({ reason: "order", size: expect.any(Number) as number });
  await say(place, uri, ["SET", "a", "now"], ["SET", "b", "now"]);

  const forked = await services.fork("shop", "shop-copy", { backup: first.name });
  expect(await say(place, forked.uri, ["MGET", "a", "b"])).toEqual([["then", null]]);

  const restored = await services.restore("shop", first.name);
  expect(restored).toMatchObject({ uri, state: "RUNNING" });
  expect(await say(place, uri, ["MGET", "a", "b"])).toEqual([["then", null]]);
  // Whoever wants what there was before has it, too.
  const [before] = await services.backupList("shop");
  expect(before).toMatchObject({ reason: "restore" });
  await services.restore("shop", before?.name);
  expect(await say(place, uri, ["MGET", "a", "b"])).toEqual([["now", "now"]]);
  await say(place, uri, ["SET", "c", "after"]);

  // Killed or powered off, it is a service as any other.
  const { nodes } = await services.get("shop");
  process.kill(nodes[0]?.pid ?? 0, "SIGKILL");
  await expect.poll(() => say(place, uri, ["GET", "c"]).catch(String)).toEqual(["after"]);
  await services.powerOff("shop");
  const [last] = await services.backupList("shop");
  expect(last).toMatchObject({ reason: "power-off" });
  await expect(services.backupNow("shop")).rejects.toMatchObject({ code: "SERVICE_POWERED_OFF" });
  await services.powerOn("shop");
  expect(await say(place, uri, ["MGET", "a", "b", "c"])).toEqual([["now", "now", "after"]]);
  const types = (await services.events("shop")).map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(["service_backup", "service_restore", "service_power_off"]));
});

test("what cannot be restored is refused, and everything stays as it was", async () => {
  await using place = await ground();
  const { services } = place;
  const { uri, caFile } = await services.create("shop");
  await expect(services.restore("shop")).rejects.toMatchObject({ code: "SERVICE_BACKUP_UNKNOWN" });
  await say(place, uri, ["SET", "a", "now"]);
  const backup = await services.backupNow("shop");
  await expect(services.restore("shop", "yesterday")).rejects.toMatchObject({
    code: "SERVICE_BACKUP_UNKNOWN",
    hint: expect.stringContaining(backup.name) as string,
  });
  await expect(
    services.fork("shop", "many", { type: "redis:cluster-3", backup: backup.name }),
  ).rejects.toMatchObject({
    code: "SERVICE_UNFIT",
  });
  expect(await services.names()).toEqual(["shop"]);
  await using client = await createClient({ url: `${uri}?sslrootcert=${caFile}` }).connect();
  const id = await client.clientId();
  await say(place, uri, ["SET", "a", "later"]);
  await writeFile(join(backup.location, "redis-1.rdb"), "no snapshot");
  await expect(services.restore("shop", backup.name)).rejects.toMatchObject({
    code: "SERVICE_BACKUP_DAMAGED",
  });
  expect(await client.get("a")).toBe("later");
  expect(await client.clientId()).toBe(id);
  await services.update("shop", { userConfig: { redis_persistence: "off" } });
  await expect(services.backupNow("shop")).rejects.toMatchObject({ code: "SERVICE_UNFIT" });
});

test("a service with replicas has the data of the backup on all of them, also after a failover", async () => {
  await using place = await ground();
  const { services } = place;
  const { uri } = await services.create("pair", { type: "redis:business-1" });
  await say(place, uri, ["SET", "a", "then"]);
  const backup = await services.backupNow("pair");
  await say(place, uri, ["SET", "a", "now"]);
  await services.restore("pair", backup.name);
  expect(await say(place, uri, ["GET", "a"])).toEqual(["then"]);
  await services.failover("pair");
  await expect.poll(() => say(place, uri, ["GET", "a"]).catch(String)).toEqual(["then"]);
});
