import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const example = fileURLToPath(new URL("..", import.meta.url));
const redoubt = fileURLToPath(new URL("../../../packages/cli/dist/main.js", import.meta.url));
if (!existsSync(redoubt)) throw new Error(`${redoubt} is not there: build first (npm run build).`);

// Below the example, because the manifest names its folder from here.
const home = join(example, ".redoubt", `published-${process.pid}`);
const out = join(home, "out");

beforeAll(async () => {
  const words = [redoubt, "publish", join(example, "apphost.ts"), "-o", out];
  await promisify(execFile)(process.execPath, words, {
    env: { PATH: process.env["PATH"], REDOUBT_HOME: join(home, "home") },
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

it("the todos are published as a container app with a managed Redis", () => {
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(out.length + 1));
  expect(files.sort()).toEqual([
    ".redoubt-publish.json",
    "aspire-manifest.json",
    "cache.module.bicep",
    "cache/cache.bicep",
    "cache/cache.json",
    "env-acr.module.bicep",
    "env-acr/env-acr.bicep",
    "env-acr/env-acr.json",
    "env.module.bicep",
    "env/env.bicep",
    "env/env.json",
    "main.bicep",
    "main.json",
    "main.parameters.json",
    "todos-containerapp.module.bicep",
    "todos-identity.module.bicep",
    "todos-identity/todos-identity.bicep",
    "todos-identity/todos-identity.json",
    "todos-roles-cache.module.bicep",
    "todos-roles-cache/todos-roles-cache.bicep",
    "todos-roles-cache/todos-roles-cache.json",
    "todos.Dockerfile",
    "todos.Dockerfile.dockerignore",
    "todos/todos.bicep",
    "todos/todos.json",
  ]);
});

it.each([
  "aspire-manifest.json",
  "main.bicep",
  "main.json",
  "cache/cache.bicep",
  "cache/cache.json",
  "todos/todos.bicep",
  "todos-roles-cache/todos-roles-cache.bicep",
  "todos.Dockerfile",
])("%s is what was reviewed", async (path) => {
  const text = readFileSync(join(out, path), "utf8");
  await expect(text.replaceAll(`published-${process.pid}`, "published")).toMatchFileSnapshot(
    join(example, "test", "corpus", "published", path),
  );
});
