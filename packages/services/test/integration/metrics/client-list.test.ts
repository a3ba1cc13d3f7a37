import { createClient } from "@redoubt/client";
import { startReplicas, startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { clientsOf } from "../../../src/metrics/client-list.ts";

test("clients are listed with the way they came, their user, database and last command", async () => {
  await using server = await startServer({ listen: "both", users: { app: { password: "secret-of-app" } } });
  await using secure = await createClient({
    url: server.uriFor({ username: "app", parameters: { db: "2" } }),
  }).connect();
  await using plain = await createClient({ url: server.uriFor({ tls: false }) }).connect();
  await secure.sendCommand(["CLIENT", "SETNAME", "worker-1"]);
  await secure.get("a");
  await plain.hGetAll("b");
  using control = await server.control();
  const node = {
    name: "redis-1",
    control,
    tlsPort: server.tlsPort,
    plainAt: server.port,
    terminatorAt: null,
  };
  const listed = await clientsOf(node);
  expect(listed).toHaveLength(2);
  expect(listed.find(({ route }) => route === "direct")).toMatchObject({
    node: "redis-1",
    query: "get",
    user: "app",
    name: "worker-1",
    database: 2,
    address: expect.stringMatching(/:\d+$/) as string,
  });
  expect(listed.find(({ route }) => route === "plain")).toMatchObject({ query: "hgetall", user: "default" });
  for (const { age, idle } of listed) expect(age).toBeGreaterThanOrEqual(idle);
  expect(JSON.stringify(listed)).not.toContain("secret-of-app");
  // Where the terminator has the plain port for itself, who comes there came through it.
  const behind = await clientsOf({ ...node, plainAt: null, terminatorAt: server.port });
  expect(behind.map(({ route }) => route).sort()).toEqual(["direct", "terminator"]);
  const all = await clientsOf(node, { internal: true, internalUsers: ["app"] });
  expect(all.map(({ route }) => route).sort()).toEqual(["internal", "internal", "plain"]);
});

test("the line to a replica is the service's own", async () => {
  await using set = await startReplicas({ replicas: 1 });
  const [replica] = set.replicas;
  using control = await set.primary.control();
  const { tlsPort } = set.primary;
  const node = { name: "redis-1", control, tlsPort, plainAt: null, terminatorAt: null };
  expect(await clientsOf(node)).toEqual([]);
  const own = await clientsOf(node, { internal: true });
  expect(own.filter(({ query }) => query === "replconf")).toHaveLength(1);
  expect(replica?.pid).toBeGreaterThan(0);
});
