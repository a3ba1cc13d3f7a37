import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

const apphost = fileURLToPath(new URL("../../../apphost", import.meta.url));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "redoubt-published-"));
  const link = join(folder, "node_modules", "@redoubt", "apphost");
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(apphost, link);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const app = (lines: string) => `
import { createBuilder } from "@redoubt/apphost";
const builder = createBuilder();
${lines}
await builder.build().run();
`;
const shop = app(`
const key: string = "key";
const cache = builder.addAzureManagedRedis("cache").withParameter("key", builder.addParameter(key, { secret: true, description: "Of the shop." }));
builder.addNodeApp("web", "./web", "server.ts").withHttpEndpoint({ env: "PORT" }).withReference(cache);
`);

function publish(...words: string[]) {
  return redoubt(["publish", join(folder, "apphost.ts"), "-o", join(folder, "out"), ...words], {
    environment: { REDOUBT_HOME: join(folder, "home"), Parameters__key: "s3cr3t-of-the-shop" },
  });
}

test("a file of TypeScript becomes files for Azure, and a second time nothing changes", async () => {
  writeFileSync(join(folder, "apphost.ts"), shop);
  const first = await publish();
  expect([first.code, first.stderr]).toEqual([0, expect.stringContaining("12 files in ") as unknown]);
  expect(first.stdout.split("\n")).toContain("written  cache/cache.bicep");
  expect(first.stderr).toContain("  key: Of the shop. secret");
  expect(first.stderr).toContain("  location: The region");
  const second = await publish();
  expect([second.code, second.stdout]).toEqual([0, ""]);
  expect(second.stderr).toContain("12 files in ");
  expect(second.stderr).toContain(", 12 of them as before");
  for (const path of readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true }))
    if (path.isFile())
      expect(readFileSync(join(path.parentPath, path.name), "utf8")).not.toContain("s3cr3t-of-the-shop");
});

test("the same for programs", async () => {
  writeFileSync(join(folder, "apphost.ts"), shop);
  const { code, stdout } = await publish("--json");
  const result = JSON.parse(stdout) as { files: string[]; parameters: unknown[]; folder: string };
  expect([code, result.files.length, result.folder]).toEqual([0, 12, join(folder, "out")]);
  expect(result.parameters).toContainEqual({
    name: "key",
    secret: true,
    needed: true,
    description: "Of the shop.",
  });
});

test("a fault says resource, setting, fix and line, and leaves no trace", async () => {
  writeFileSync(
    join(folder, "apphost.ts"),
    app(`
builder.addAzureManagedRedis("cache").configureInfrastructure(({ cluster }) => { cluster.location = 7 as never; });
`),
  );
  const wrong = await publish();
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/APP_PUBLISH/);
  expect(wrong.stderr).toMatch(/cache: cache\.location: .*string/);
  expect(existsSync(join(folder, "out"))).toBe(false);

  writeFileSync(join(folder, "apphost.ts"), app(`builder.addAzureManagedRedis("no--good");`));
  const named = await publish();
  expect([named.code, named.stderr]).toEqual([
    1,
    expect.stringMatching(/APP_NAME[^]*apphost\.ts:4/) as unknown,
  ]);
});

test("what somebody else has written is not lost", async () => {
  writeFileSync(join(folder, "apphost.ts"), shop);
  mkdirSync(join(folder, "out"));
  writeFileSync(join(folder, "out", "main.bicep"), "mine");
  const refused = await publish();
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--force") as unknown]);
  expect(readdirSync(join(folder, "out"))).toEqual(["main.bicep"]);
  expect((await publish("--force")).code).toBe(0);
});

test("steps", async () => {
  const { code, stdout } = await redoubt(["publish", "--list-steps"]);
  expect([code, stdout]).toEqual([0, "publish-azure\npublish-manifest\n"]);
  writeFileSync(join(folder, "apphost.ts"), shop);
  expect((await publish("--step", "publish-manifest")).code).toBe(0);
  expect(existsSync(join(folder, "out", "main.bicep"))).toBe(false);
  expect((await publish("--step", "fly")).code).toBe(2);
});
