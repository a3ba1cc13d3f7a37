import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

const provider = "/subscriptions/s/resourceGroups/rg/providers";
const vnetId = `${provider}/Microsoft.Network/virtualNetworks/vnet`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "redoubt-network-"));
  const exports = [
    {
      id: `${provider}/Microsoft.Cache/Redis/orders`,
      name: "orders",
      location: "West Europe",
      sku: { name: "Premium", capacity: 2 },
      shardCount: 2,
      subnetId: `${vnetId}/subnets/redis`,
    },
    {
      id: vnetId,
      name: "vnet",
      location: "westeurope",
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
      subnets: [
        { name: "redis", addressPrefix: "10.0.1.0/27" },
        { name: "app", addressPrefix: "10.0.2.0/24" },
      ],
    },
  ];
  await writeFile(join(folder, "all.json"), JSON.stringify(exports));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a plan as az commands, as Bicep and as JSON", async () => {
  const words = [
    "network",
    "plan",
    "--subnet",
    "10.0.1.0/27",
    "--client",
    "10.0.2.0/24",
    "--shards",
    "3",
    "--advertised",
    "0.0.0.0/0",
  ];
  const az = await redoubt([...words, "--as", "az"]);
  expect(az.code).toBe(0);
  expect(az.stdout).toContain(
    "az network nsg rule create -g GROUP --nsg-name redis-nsg -n redis-in-clients --priority 200",
  );
  expect(az.stdout).toContain("--address-prefix 0.0.0.0/0 --next-hop-type Internet");
  const bicep = await redoubt([...words, "--as", "bicep"]);
  expect(bicep.stdout).toContain("Microsoft.Network/networkSecurityGroups@2025-09-01");
  const json = JSON.parse((await redoubt([...words, "--as", "json"])).stdout) as {
    subnet: { prefixLength: number };
  };
  expect(json.subnet.prefixLength).toBe(28);
});

test("a plan that breaks the rules of creation ends with 3 and says which", async () => {
  const { code, stderr } = await redoubt([
    "network",
    "plan",
    "--subnet",
    "10.0.1.0/29",
    "--client",
    "10.0.2.0/24",
    "--shards",
    "3",
    "--nat-gateway",
    "--tier",
    "Standard",
  ]);
  expect(code).toBe(3);
  expect(stderr).toContain("NAT gateway");
  expect(stderr).toContain("only Premium");
  expect(stderr).toContain("needs 7 addresses");
  expect((await redoubt(["network", "plan"])).code).toBe(2);
});

test("one flow is explained, and a name that nobody knows is refused with the nearest", async () => {
  const { code, stdout } = await redoubt(["network", "explain", folder, "--from", "app", "--to", "orders"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^vnet\/app to orders, tcp\/6380\n/);
  expect(stdout).toMatch(/\nallowed\n$/);
  const wrong = await redoubt(["network", "explain", folder, "--from", "apq", "--to", "orders"]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('Did you mean "app"?');
});

test("a move is planned by an export, to Azure Managed Redis or a private endpoint", async () => {
  const managed = await redoubt(["network", "migrate", folder]);
  expect(managed.code).toBe(0);
  expect(managed.stdout).toContain("orders.westeurope.redis.azure.net:10000");
  expect(managed.stdout).toContain("2028-09-30");
  const endpoint = JSON.parse(
    (await redoubt(["network", "migrate", folder, "--to", "private-endpoint", "--json"])).stdout,
  ) as { after: { zone: string } };
  expect(endpoint.after.zone).toBe("privatelink.redis.cache.windows.net");
  expect((await redoubt(["network", "migrate"])).code).toBe(2);
});

test("a check as SARIF, as a picture and as a page", async () => {
  const sarif = JSON.parse((await redoubt(["network", "check", folder, "--sarif"])).stdout) as {
    version: string;
  };
  expect(sarif.version).toBe("2.1.0");
  expect((await redoubt(["network", "check", folder, "--svg"])).stdout).toMatch(/^<svg /);
  expect((await redoubt(["network", "check", folder, "--html"])).stdout).toMatch(/^<!doctype html>/);
  expect((await redoubt(["network", "check", folder, "--svg", "--html"])).code).toBe(2);
});
