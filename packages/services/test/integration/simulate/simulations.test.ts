import { once } from "node:events";
import { connect } from "node:tls";
import { createClient, createCluster } from "@redoubt/client";
import { startCluster } from "@redoubt/server";
import { expect, test } from "vitest";
import type { NodeHandle } from "../../../src/contract/node-handle.ts";
import { readSimulations, Simulations } from "../../../src/simulate/simulations.ts";
import { contextOf, temporaryFolder } from "../node.ts";
import { testHost } from "./host.ts";

test("at the door with an idle cut, silence ends a connection, and a heartbeat keeps it", async () => {
  await using host = await testHost();
  const simulations = new Simulations(host);
  const { facts, options } = await simulations.start("idle-cut", { after: "1500ms" });
  expect(options).toEqual({ after: 1500 });
  const login = host.node.server.password ?? "";
  const socket = connect({
    host: "127.0.0.1",
    port: Number(facts["port"]),
    servername: "localhost",
    ca: host.node.server.ca,
  });
  socket.on("error", () => {});
  await once(socket, "secureConnect");
  const began = Date.now();
  const closed = once(socket, "close");
  socket.write(`AUTH ${login}\r\nSUBSCRIBE a\r\n`);
  socket.resume();
  const url = new URL(String(facts["uri"]));
  url.password = login;
  await using lively = await createClient({ url: url.href, pingInterval: 300 }).connect();
  const id = await lively.clientId();
  await closed;
  expect(Date.now() - began).toBeGreaterThanOrEqual(1400);
  const until = Date.now() + 2500;
  while (Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await lively.clientId()).toBe(id);
  await simulations.stop("idle-cut");
  expect(await readSimulations(host.context.folder)).toEqual([]);
});

test("a maintenance is announced and carried out in order, in Azure's words", async () => {
  let failovers = 0;
  await using host = await testHost({
    topology: "replicated",
    failOver: () => {
      failovers++;
      return Promise.resolve();
    },
  });
  await using listener = await createClient({ url: host.node.server.uri }).connect();
  const heard: string[] = [];
  await listener.subscribe("AzureRedisEvents", (message) => heard.push(message));
  const simulations = new Simulations(host);
  const { facts } = await simulations.start("maintenance-notice", { lead: 500 });
  expect(await readSimulations(host.context.folder)).toHaveLength(1);
  await expect.poll(() => heard.length).toBe(5);
  const start = String(facts["start"]).slice(0, 19);
  expect(heard[0]).toBe(
    `NotificationType|NodeMaintenanceScheduled|StartTimeInUTC|${start}|IsReplica|False|IPAddress|127.0.0.1|SSLPort|${host.node.port}|NonSSLPort|0`,
  );
  expect(heard.map((message) => message.split("|")[1])).toEqual([
    "NodeMaintenanceScheduled",
    "NodeMaintenanceStarting",
    "NodeMaintenanceStart",
    "NodeMaintenanceFailoverComplete",
    "NodeMaintenanceEnded",
  ]);
  expect(failovers).toBe(1);
  await expect.poll(() => readSimulations(host.context.folder)).toEqual([]);
});

test("certificates are exchanged every so often, and connections that are open stay", async () => {
  await using host = await testHost();
  await using client = await createClient({ url: host.node.server.uri }).connect();
  const id = await client.clientId();
  const simulations = new Simulations(host);
  const prints = new Set<string>();
  await simulations.start("certificate-rotation", { every: 100 });
  await expect
    .poll(() => {
      prints.add(host.node.server.certificate.x509.fingerprint256);
      return prints.size;
    })
    .toBeGreaterThan(3);
  await simulations.stop("certificate-rotation");
  expect(await client.clientId()).toBe(id);
  // Once is no state.
  await simulations.start("certificate-rotation");
  await expect.poll(() => simulations.states).toEqual([]);
});

test("a cluster that announces addresses only is still reached by its name, and goes back to names", async () => {
  await using folder = await temporaryFolder();
  await using cluster = await startCluster({
    primaries: 3,
    config: ["cluster-announce-hostname localhost", "cluster-preferred-endpoint-type hostname"],
  });
  const nodes = cluster.nodes.map(
    (server, index): NodeHandle => ({
      name: `redis-${index + 1}`,
      kind: "data",
      folder: folder.path,
      dataFolder: folder.path,
      port: server.tlsPort ?? 0,
      socket: "",
      get pid() {
        return server.pid ?? null;
      },
      control: () => server.control(),
      stop: () => Promise.resolve(),
      start: () => Promise.resolve(),
    }),
  );
  await using single = await testHost();
  const host = { ...single, topology: "cluster" as const, context: contextOf(folder.path, nodes) };
  const announced = async (): Promise<string> =>
    JSON.stringify(await cluster.primaries[0]?.command("CLUSTER", "SLOTS"));
  const simulations = new Simulations(host);
  expect(await announced()).toContain('"localhost"');
  await simulations.start("ip-only-cluster");
  await expect.poll(announced).toMatch(/"127\.0\.0\.1",\d+/);
  await using client = await createCluster({ url: cluster.uri }).connect();
  for (let key = 0; key < 20; key++) await client.set(`k${key}`, `${key}`);
  expect(await client.get("k7")).toBe("7");
  // A node that was started again is told again.
  await cluster.primaries[1]?.restart();
  await expect
    .poll(() => cluster.primaries[1]?.command("CONFIG", "GET", "cluster-preferred-endpoint-type"))
    .toEqual(["cluster-preferred-endpoint-type", "ip"]);
  await simulations.stop("ip-only-cluster");
  await expect.poll(announced).toContain('"localhost"');
  await expect(simulations.start("failover")).rejects.toMatchObject({ code: "SERVICE_UNFIT" });
});

test("what does not exist, does not fit or is not on is refused, and changes nothing", async () => {
  await using host = await testHost();
  const simulations = new Simulations(host);
  const refused: [string, Record<string, string | number | boolean>, object][] = [
    [
      "idle-cutt",
      {},
      { code: "CONFIG_UNKNOWN_KEY", hint: expect.stringContaining("Did you mean idle-cut?") as string },
    ],
    [
      "idle-cut",
      { afer: 1 },
      { code: "CONFIG_UNKNOWN_KEY", hint: expect.stringContaining("Did you mean after?") as string },
    ],
    [
      "idle-cut",
      { after: "soon" },
      { code: "CONFIG_INVALID_VALUE", message: expect.stringContaining("10m") as string },
    ],
    [
      "idle-cut",
      { after: 5 },
      { code: "CONFIG_INVALID_VALUE", message: expect.stringContaining("100 to") as string },
    ],
    ["maintenance-notice", { failover: "perhaps" }, { code: "CONFIG_INVALID_VALUE" }],
    ["token-issuer", { "object-id": "a b" }, { code: "CONFIG_INVALID_VALUE" }],
    ["failover", {}, { code: "SERVICE_UNFIT", hint: expect.stringContaining("one node") as string }],
    ["ip-only-cluster", {}, { code: "SERVICE_UNFIT" }],
  ];
  for (const [kind, options, error] of refused)
    await expect(simulations.start(kind, options)).rejects.toMatchObject(error);
  await expect(simulations.stop("idle-cut")).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
  expect(simulations.states).toEqual([]);
});
