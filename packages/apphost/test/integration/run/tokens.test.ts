import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openServices } from "@redoubt/services";
import { expect, test } from "vitest";
import { RunGround, written } from "../../run-ground.ts";

/** The built client: what a program would import by name. */
const client = pathToFileURL(join(import.meta.dirname, "../../../../client/dist/index.js")).href;

/** What `@azure/identity` does for a program on Container Apps; it need not be installed for the tests. */
const credential = `{
  async getToken() {
    const url = process.env.IDENTITY_ENDPOINT + "?api-version=2019-08-01&resource=https://redis.azure.com";
    const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": process.env.IDENTITY_HEADER } });
    const { access_token, expires_on } = await answer.json();
    return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1000 };
  },
}`;

/** Nothing in it is particular to this machine. */
const program = `
import { addRedisClient } from ${JSON.stringify(client)};
const redis = await addRedisClient("cache").withAzureAuthentication(${credential}).connect();
console.log("user", await redis.aclWhoAmI(), redis.report?.tls?.verification ?? redis.report?.tls?.protocol);
const id = await redis.clientId();
await new Promise((resolve) => setTimeout(resolve, 5_000));
console.log("same connection", (await redis.clientId()) === id, await redis.ping());
await redis.close();
`;

test("tokens are simulated by choice: a program logs in as it does in Azure, and its connection outlives its tokens", async () => {
  const ground = await RunGround.create();
  const builder = ground.builder();
  const cache = builder
    .addAzureManagedRedis("cache")
    .runLocally((redis) => redis.withTokenSimulation({ lifetime: "4s" }));
  builder
    .addNodeApp("app", ".", await ground.write("app.mjs", program))
    .withReference(cache)
    .waitFor(cache);
  const engine = await ground.start(builder);
  await engine.waitFor("app", "ended", { timeout: 60_000 });

  const { environment } = await engine.reveal("app");
  const variables = Object.fromEntries(environment.map(({ name, value }) => [name, value]));
  expect(variables["ConnectionStrings__cache"]).toMatch(/^localhost:\d+,ssl=true$/);
  expect(variables["IDENTITY_ENDPOINT"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/msi\/token$/);
  expect(variables).not.toHaveProperty("CACHE_PASSWORD");
  const masked = engine.snapshot("app").environment.find(({ name }) => name === "IDENTITY_HEADER");
  expect(masked?.secret).toBe(true);
  expect(masked?.value).not.toBe(variables["IDENTITY_HEADER"]);

  expect(written(engine, "app")).toEqual([
    expect.stringMatching(/^user [0-9a-f-]{36} /),
    "same connection true PONG",
  ]);
  await engine.stop();
  expect(await openServices({ home: join(ground.folder, "home") }).names()).toEqual([]);
});
