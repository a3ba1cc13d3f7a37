import { spawn } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { DeployResult } from "../../src/provision/deploy-app.ts";
import { Stage } from "../standin/stage.ts";

const program = fileURLToPath(new URL("../../../cli/dist/main.js", import.meta.url));
const packages = fileURLToPath(new URL("../../../../node_modules/@redoubt", import.meta.url));
const identity = fileURLToPath(new URL("../standin/identity", import.meta.url));

const file = `import { createBuilder } from "@redoubt/apphost";
const builder = createBuilder();
const cache = builder.addAzureManagedRedis("cache");
cache.configureInfrastructure(({ cluster }) => { cluster.sku.name = process.env["SKU"] as "Balanced_B0"; });
await builder.build().run();
`;

/** An app in a folder of its own, which has the packages that its author has installed. */
class Shop {
  readonly stage: Stage;
  readonly folder: string;

  constructor(stage: Stage) {
    this.stage = stage;
    this.folder = join(stage.home, "shop");
    mkdirSync(join(this.folder, "node_modules/@azure"), { recursive: true });
    symlinkSync(packages, join(this.folder, "node_modules/@redoubt"));
    cpSync(identity, join(this.folder, "node_modules/@azure/identity"), { recursive: true });
    writeFileSync(join(this.folder, "apphost.ts"), file);
    writeFileSync(join(this.folder, "ca.pem"), stage.azure.ca);
    const Azure = {
      ResourceManagerEndpoint: stage.azure.endpoint,
      SubscriptionId: stage.azure.subscription,
      Location: "West Europe",
    };
    writeFileSync(join(this.folder, "redoubt.json"), JSON.stringify({ Azure }));
  }

  /** `redoubt deploy` in the folder of the app. */
  async deploy(
    words: readonly string[],
    { sku = "Balanced_B0", meanwhile }: { sku?: string; meanwhile?: (pid: number) => Promise<void> } = {},
  ) {
    const { tenant, clientId, clientSecret } = this.stage.azure.mint.login;
    const child = spawn(process.execPath, [program, "deploy", ...words], {
      cwd: this.folder,
      env: {
        PATH: process.env["PATH"],
        NODE_EXTRA_CA_CERTS: join(this.folder, "ca.pem"),
        REDOUBT_HOME: join(this.stage.home, "home"),
        AZURE_TENANT_ID: tenant,
        AZURE_CLIENT_ID: clientId,
        AZURE_CLIENT_SECRET: clientSecret,
        SKU: sku,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    await meanwhile?.(child.pid ?? 0);
    return { code: await ended, stdout, stderr };
  }

  async deployed(words: readonly string[], options?: Parameters<Shop["deploy"]>[1]) {
    const { stdout, ...run } = await this.deploy([...words, "--yes", "--json"], options);
    return { ...run, result: JSON.parse(stdout) as Extract<DeployResult, { kind: "deployed" }> };
  }
}

test("redoubt deploy shows, deploys, leaves alone what is as it was, and removes", async () => {
  await using stage = await Stage.open();
  const shop = new Shop(stage);

  const dry = await shop.deploy(["--dry-run"]);
  expect(dry.stderr).toContain(
    `Group rg-redoubt-shop in westeurope, subscription ${stage.azure.subscription} of StandIn`,
  );
  expect(dry.stdout).toContain("+ resource group rg-redoubt-shop (westeurope)");
  expect(dry.stdout).toContain("+ Microsoft.Cache/redisEnterprise\n");
  expect(dry.code).toBe(0);
  expect(stage.azure.store.groups.size).toBe(0);

  const unconfirmed = await shop.deploy(["--json"]);
  expect(unconfirmed.code).toBe(2);
  expect(JSON.parse(unconfirmed.stdout)).toMatchObject({
    error: { code: "CONFIG_MISSING", hint: expect.stringContaining("--yes") },
  });
  expect(stage.azure.store.groups.size).toBe(0);

  const first = await shop.deployed([]);
  expect(first.code).toBe(0);
  expect(first.result).toMatchObject({ kind: "deployed", ok: true, environment: "Production" });
  expect(first.result.resources.map(({ name, end }) => [name, end])).toEqual([
    ["cache", "deployed"],
    ["cache-roles", "deployed"],
  ]);
  expect(first.result.resources[0]?.outputs["connectionString"]).toMatch(
    /\.westeurope\.redis\.azure\.net:10000,ssl=true$/,
  );
  expect(first.stderr).toMatch(/cache: Creating ARM Deployment {2}\d+/);
  expect(first.stderr).toMatch(/cache: Running/);

  const second = await shop.deployed([]);
  expect(second.result.resources.map(({ end }) => end)).toEqual(["unchanged", "unchanged"]);

  const changed = await shop.deploy(["--dry-run"], { sku: "Balanced_B1" });
  expect(changed.stdout).toContain('~ sku.name: "Balanced_B0" => "Balanced_B1"');

  const removed = await shop.deploy(["--destroy", "--yes"]);
  expect(removed.stdout).toBe("Removed the resource group rg-redoubt-shop.\n");
  expect(stage.azure.store.groups.size).toBe(0);

  const secrets = [stage.azure.mint.login.clientSecret, ...stage.azure.mint.issued];
  const said = [dry, unconfirmed, first, second, changed, removed]
    .map((run) => JSON.stringify(run))
    .join("\n");
  expect(secrets.length).toBeGreaterThan(4);
  for (const secret of secrets) expect(said.includes(secret)).toBe(false);
});

test("Ctrl-C leaves going what goes on in Azure, says so, and the next run takes it up", async () => {
  await using stage = await Stage.open();
  const shop = new Shop(stage);
  const release = stage.azure.hold(/redisEnterprise/);
  const meanwhile = async (pid: number): Promise<void> => {
    await expect.poll(() => stage.azure.deployment("cache")?.active).toBe(true);
    process.kill(pid, "SIGINT");
  };
  const first = await shop.deploy(["--yes"], { meanwhile });
  expect(first.code).toBe(130);
  expect(first.stderr).toContain("what was under way goes on in Azure");
  expect(stage.azure.deployment("cache")?.active).toBe(true);
  release();
  const second = await shop.deployed([]);
  expect(second.result.resources.map(({ name, end }) => [name, end])).toEqual([
    ["cache", "adopted"],
    ["cache-roles", "deployed"],
  ]);
});

test("What Azure refuses is told with its words and what to do, and the exit code says so", async () => {
  await using stage = await Stage.open();
  stage.azure.work({
    id: /redisEnterprise/,
    error: { code: "QuotaExceeded", message: "No more caches here." },
  });
  const { code, stdout, stderr } = await new Shop(stage).deploy(["--yes"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failed {4} cache\nskipped {4}cache-roles\n$/);
  expect(stderr).toContain("Deploying cache: QuotaExceeded");
  expect(stderr).toContain("No more caches here.");
  expect(stderr).toContain("fix  Ask for more quota, or choose another region.");
});
