import { readFile } from "node:fs/promises";
import { createClient } from "@redoubt/client";
import { entraCredentials } from "@redoubt/client/credentials";
import { expect, test } from "vitest";
import { ground, say } from "../ground.ts";

/** A token, as a program on Azure's App Service gets it. */
async function token(environmentFile: string): Promise<{ token: string; expiresOnTimestamp: number }> {
  const text = await readFile(environmentFile, "utf8");
  const variable = (name: string): string => new RegExp(`^${name}='(.*)'$`, "m").exec(text)?.[1] ?? "";
  const answer = await fetch(`${variable("IDENTITY_ENDPOINT")}?resource=https%3A%2F%2Fredis.azure.com`, {
    headers: { "X-IDENTITY-HEADER": variable("IDENTITY_HEADER") },
  });
  const { access_token, expires_on } = (await answer.json()) as { access_token: string; expires_on: string };
  return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1000 };
}

test("a service takes tokens as Azure does, over a failover and over the death of its keeper", async () => {
  await using place = await ground();
  const { services } = place;
  await services.create("pair", { type: "redis:business-1" });
  const { facts } = await services.simulate("pair", "token-issuer", { lifetime: "5s" });
  const environmentFile = String(facts["environmentFile"]);
  await using client = await createClient({
    url: String(facts["uri"]),
    credentials: entraCredentials({ getToken: () => token(environmentFile) }),
  }).connect();
  client.on("error", () => {});
  expect(await client.sendCommand(["ACL", "WHOAMI"])).toBe(facts["objectId"]);
  await expect(client.sendCommand(["CONFIG", "GET", "dir"])).rejects.toMatchObject({
    code: "AUTH_FORBIDDEN",
  });
  const id = await client.clientId();
  const end = Date.now() + 11_000;
  while (Date.now() < end) {
    await client.incr("k");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await client.clientId()).toBe(id);

  await services.failover("pair");
  await expect.poll(() => client.incr("k").catch(String)).toEqual(expect.any(Number));

  const { keeper, simulations } = await services.get("pair");
  expect(simulations).toMatchObject([{ kind: "token-issuer", facts }]);
  process.kill(keeper?.pid ?? 0, "SIGKILL");
  // The next one takes the simulation up again, at the same addresses.
  await services.get("pair");
  await expect.poll(() => client.incr("k").catch(String)).toEqual(expect.any(Number));
  await services.simulateStop("pair", "token-issuer");
  expect((await services.get("pair")).simulations).toEqual([]);
});

test("silence is cut, maintenance is announced and carried out, certificates change, and the service knows who is connected", async () => {
  await using place = await ground();
  const { services } = place;
  const { uri, caFile } = await services.create("one");
  const { facts } = await services.simulate("one", "idle-cut", { after: "2s" });
  const quiet = new URL(String(facts["uri"]));
  quiet.username = "default";
  quiet.password = new URL(uri).password;
  const idle = createClient({ url: quiet.href, pingInterval: 0, socket: { reconnectStrategy: false } });
  const errors: unknown[] = [];
  idle.on("error", (error) => errors.push(error));
  await idle.connect();
  const listed = await services.currentQueries("one");
  expect(listed).toMatchObject([{ user: "default", route: "terminator", node: "redis-1" }]);
  await expect.poll(() => idle.isReady).toBe(false);
  idle.destroy();

  await using listener = await createClient({ url: `${uri}?sslrootcert=${caFile}` }).connect();
  const heard: string[] = [];
  await listener.subscribe("AzureRedisEvents", (message) => heard.push(message.split("|")[1] ?? ""));
  await services.simulate("one", "maintenance-notice", { lead: "400ms" });
  await expect.poll(() => heard.at(-1)).toBe("NodeMaintenanceEnded");
  const { certificate } = await services.get("one");
  await services.simulate("one", "certificate-rotation");
  const after = await services.get("one");
  expect(after.certificate.fingerprint).not.toBe(certificate.fingerprint);
  expect(listener.isReady).toBe(true);
  await expect(services.simulate("one", "failover")).rejects.toMatchObject({ code: "SERVICE_UNFIT" });
  await services.simulateStop("one", "idle-cut");
});

test("logs of all its units and what was measured can be read, also when it is powered off", async () => {
  await using place = await ground();
  const { services } = place;
  const { uri } = await services.create("one");
  await say(place, uri, ["SET", "a", "1"]);
  const page = await services.logs("one", { limit: 1000 });
  expect(new Set(page.lines.map(({ unit }) => unit))).toEqual(new Set(["keeper", "redis-1"]));
  expect(page.lines.map(({ message }) => message).join("\n")).toMatch(/[Rr]eady to accept connections/);
  expect(JSON.stringify(page)).not.toContain(new URL(uri).password);
  const tail = await services.logs("one", { order: "asc", limit: 1 });
  await services.simulate("one", "idle-cut");
  const next = await services.logs("one", { order: "asc", offset: tail.offset });
  expect(next.lines.map(({ message }) => message)).toContain("The simulation idle-cut is on.");
  const memory = async (): Promise<number[]> => {
    const { series } = await services.metrics("one");
    const points = series.find(({ name, node }) => name === "mem_usage" && node === "redis-1")?.points ?? [];
    return points.flatMap(([, value]) => value ?? []);
  };
  expect((await memory()).length).toBeGreaterThan(0);
  await services.powerOff("one");
  expect((await services.logs("one")).lines[0]?.message).toContain("powered off");
  expect((await memory()).length).toBeGreaterThan(0);
});
