import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

const provider = "/subscriptions/s/resourceGroups/rg/providers";
const vnetId = `${provider}/Microsoft.Network/virtualNetworks/vnet`;
const nsgId = `${provider}/Microsoft.Network/networkSecurityGroups/redis-nsg`;
const secret = "an-access-key-that-nobody-may-see=";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "redoubt-network-"));
  await mkdir(join(folder, "more"));
  const redis = {
    id: `${provider}/Microsoft.Cache/Redis/orders`,
    name: "orders",
    location: "West Europe",
    sku: { name: "Premium" },
    subnetId: `${vnetId}/subnets/redis`,
    accessKeys: { primaryKey: secret },
    redisConfiguration: { "rdb-storage-connection-string": secret },
  };
  const vnet = {
    Id: vnetId,
    Name: "vnet",
    Location: "westeurope",
    Properties: {
      AddressSpace: { AddressPrefixes: ["10.0.0.0/16"] },
      Subnets: [
        { Name: "redis", Properties: { AddressPrefix: "10.0.1.0/27", NetworkSecurityGroup: { Id: nsgId } } },
        { Name: "app", Properties: { AddressPrefix: "10.0.2.0/24" } },
      ],
    },
  };
  await writeFile(join(folder, "redis.json"), JSON.stringify([redis]));
  // PowerShell writes UTF-16, and keys with capitals.
  await writeFile(join(folder, "vnet.json"), Buffer.from(`\ufeff${JSON.stringify(vnet)}`, "utf16le"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const deny = (port: string) =>
  JSON.stringify({
    id: nsgId,
    name: "redis-nsg",
    properties: {
      securityRules: [
        {
          name: "no-web",
          properties: {
            priority: 300,
            direction: "Outbound",
            access: "Deny",
            protocol: "TCP",
            sourceAddressPrefix: "*",
            sourcePortRange: "*",
            destinationAddressPrefix: "Internet",
            destinationPortRange: port,
          },
        },
      ],
    },
  });

test("what is missing is named, with the command that exports it", async () => {
  const { stdout } = await redoubt(["network", "check", folder]);
  expect(stdout).toContain(`az network nsg show --ids ${nsgId} -o json`);
  expect(stdout).toMatch(/cannot tell/);
});

test("a folder and its folders are checked; the finding has its change and its page, and no key is printed", async () => {
  await writeFile(join(folder, "more", "nsg.json"), deny("80"));
  const { code, stdout, stderr } = await redoubt(["network", "check", folder]);
  expect(code).toBe(3);
  expect(stdout).toMatch(
    /out-01 {2}out +tcp\/80 +internet +denied +redis-nsg: rule no-web \(300\) denies it/,
  );
  expect(stdout).toContain("certificate-check-blocked");
  expect(stdout).toContain("az network nsg rule create -g rg --nsg-name redis-nsg");
  expect(stdout).toContain("docs/network/certificate-check-blocked.md");
  expect(stdout + stderr).not.toContain(secret);
});

test("the same as JSON", async () => {
  const { code, stdout } = await redoubt(["network", "check", "--json", "--clients", "app", "--", folder]);
  expect(code).toBe(3);
  const report = JSON.parse(stdout) as {
    summary: { denied: number };
    findings: { id: string }[];
    caches: { flows: { id: string; verdict: string }[] }[];
  };
  expect(report.summary.denied).toBe(1);
  expect(report.findings.map(({ id }) => id)).toContain("certificate-check-blocked");
  expect(report.caches[0]?.flows.find(({ id }) => id === "out-01 internet tcp/80")?.verdict).toBe("denied");
  expect(stdout).not.toContain(secret);
});

test("a file that is no JSON is named with its place; its text is not repeated", async () => {
  const file = join(folder, "broken.txt");
  await writeFile(file, `{\n  "accessKeys": "${secret}",\n  oops\n}`);
  const { code, stderr } = await redoubt(["network", "check", file]);
  expect(code).toBe(2);
  expect(stderr).toContain(`${file}:3:3: this is not JSON`);
  expect(stderr).not.toContain(secret);
  expect((await redoubt(["network", "check", join(folder, "nothing.json")])).code).toBe(2);
});

test("files without a cache are no clean bill; a subnet can be named in its place", async () => {
  const file = join(folder, "vnet.json");
  const { code, stderr } = await redoubt(["network", "check", file]);
  expect(code).toBe(2);
  expect(stderr).toContain("There is no cache in these files");
  const named = await redoubt([
    "network",
    "check",
    file,
    join(folder, "more"),
    "--redis-subnet",
    "vnet/redis",
  ]);
  expect(named.code).toBe(3);
  expect(named.stdout).toContain("cache in vnet/redis");
});
