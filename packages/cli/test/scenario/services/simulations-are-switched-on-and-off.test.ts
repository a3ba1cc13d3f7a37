import { expect, test } from "vitest";
import { Home } from "./home.ts";

const document = async (home: Home, ...words: string[]): Promise<unknown> =>
  JSON.parse(await home.said([...words, "--json"]));

test("a simulation is switched on with its options, shown with the service, and switched off", async () => {
  await using home = await Home.make();
  await home.said(["create", "shop"]);

  const state = (await document(home, "simulate", "shop", "token-issuer", "-o", "lifetime=5m")) as {
    options: Record<string, unknown>;
    facts: Record<string, string>;
  };
  expect(state.options).toMatchObject({ lifetime: 300_000, idle: 600_000 });
  expect(state.facts["uri"]).toMatch(/^rediss:\/\/localhost:\d+\?sslrootcert=/);
  expect(await home.said(["get", "shop", "-v"])).toContain("token-issuer");
  const wrong = await home.service(["simulate", "shop", "idle-cut", "-o", "afer=1s"]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("Did you mean after?");
  await home.said(["simulate", "shop", "token-issuer", "--stop"]);
  const again = await home.service(["simulate", "shop", "token-issuer", "--stop"]);
  expect(again.code).not.toBe(0);
}, 180_000);
