import { createCluster } from "@redoubt/client";
import { expect, test } from "vitest";
import { ground, redisCli, say } from "../ground.ts";

test("business: a failover by order and one because the primary died, behind one URI", async () => {
  await using place = await ground();
  const { services } = place;
  const made = await services.create("pair", { plan: "business-1" }, { timeout: 120_000 });
  const roles = (nodes: typeof made.nodes) => nodes.map(({ role }) => role).sort();
  expect(roles(made.nodes)).toEqual(["primary", "replica", "sentinel", "sentinel", "sentinel"]);
  const primaryOf = ({ nodes }: typeof made) => nodes.find(({ role }) => role === "primary");
  await say(place, made.uri, ["SET", "kept", "1"], ["WAIT", "1", "5000"]);

  const over = await services.failover("pair", { timeout: 120_000 });
  expect(primaryOf(over)?.name).not.toBe(primaryOf(made)?.name);
  expect(over.uri).toBe(made.uri);
  await expect
    .poll(() => say(place, made.uri, ["INCR", "kept"], ["WAIT", "1", "5000"]).catch(String), {
      timeout: 60_000,
    })
    .toEqual([2, 1]);

  // The keeper would start it again before the Sentinels notice: it goes first.
  process.kill(over.keeper?.pid ?? 0, "SIGKILL");
  process.kill(primaryOf(over)?.pid ?? 0, "SIGKILL");
  await services.wait(["pair"], { timeout: 120_000 });
  await expect
    .poll(() => say(place, made.uri, ["INCR", "kept"]).catch(String), { timeout: 60_000 })
    .toEqual([3]);
}, 300_000);

test("what only a start changes is changed node by node, and a certificate without one", async () => {
  await using place = await ground();
  const { services } = place;
  const made = await services.create("pair", { plan: "business-1" }, { timeout: 120_000 });
  await say(place, made.uri, ["SET", "kept", "1"]);
  const options = { userConfig: { redis_number_of_databases: 20 } };
  expect(await services.preview("pair", options)).toMatchObject({ restarts: true });
  const after = await services.update("pair", options, { timeout: 180_000 });
  const pids = (view: typeof made) => view.nodes.filter(({ kind }) => kind === "data").map(({ pid }) => pid);
  for (const pid of pids(after)) expect(pids(made)).not.toContain(pid);
  await expect
    .poll(() => say(place, made.uri, ["GET", "kept"], ["SELECT", "19"]).catch(String), { timeout: 60_000 })
    .toEqual(["1", "OK"]);
  const rotated = await services.rotateCertificate("pair");
  expect(rotated.certificate.fingerprint).not.toBe(after.certificate.fingerprint);
  expect(pids(rotated)).toEqual(pids(after));
}, 400_000);

test("cluster: all slots, keys on every node, also in plain text, also after all processes were killed", async () => {
  await using place = await ground();
  const { services, home } = place;
  const made = await services.create("wide", { plan: "cluster-3" }, { timeout: 180_000 });
  expect(made).toMatchObject({ route: "direct", state: "RUNNING" });
  const cluster = createCluster(`${made.uri}?sslrootcert=${home}/ca/ca.pem&cluster=true`);
  await cluster.connect();
  const keys = Array.from({ length: 30 }, (_, at) => `key:${at}`);
  for (const key of keys) await cluster.set(key, key);
  await cluster.close();
  for (const { pid } of [...made.nodes, ...(made.keeper === null ? [] : [made.keeper])])
    process.kill(pid ?? 0, "SIGKILL");
  await services.wait(["wide"], { timeout: 180_000 });
  const plain = await services.update("wide", { userConfig: { redis_ssl: false } }, { timeout: 120_000 });
  for (const key of keys.slice(0, 8)) expect(await redisCli(place, plain.uri, "-c", "GET", key)).toBe(key);
  await expect(services.failover("wide")).rejects.toMatchObject({ code: "SERVICE_UNFIT" });
}, 400_000);
