import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesBelow } from "../../src/tree.ts";
import { Consumer, type Packed } from "../consumer.ts";
import { root } from "../workbench.ts";

/** Bytes of the tarball that a package may have. */
const sizes: Readonly<Record<string, number>> = {
  client: 430_000,
  server: 80_000,
  tunnel: 200_000,
  services: 150_000,
  shell: 100_000,
  apphost: 350_000,
  network: 240_000,
  cli: 110_000,
};

/**
 * How many types one thread of the compiler may have to instantiate for a program of one line, declarations of all packages
 * and of Node checked. Today they are 92,000, of which 28,000 are Node's. The number is the same on every machine, unlike the
 * time, which is a third of a second on a slow one.
 */
const instantiationsAllowed = 180_000;

const names = readdirSync(join(root, "packages")).filter((name) =>
  statSync(join(root, "packages", name, "package.json"), { throwIfNoEntry: false })?.isFile(),
);

let consumer: Consumer;
const packed = new Map<string, Packed>();

function packageOf(name: string): Packed {
  const found = packed.get(name);
  if (found === undefined) throw new Error(`packages/${name} was not packed`);
  return found;
}

/** Text of a file of the installed package. */
function installed(name: string, path: string): string {
  return readFileSync(join(consumer.folder, "node_modules/@redoubt", name, path), "utf8");
}

/** `@redoubt/client`, `@redoubt/client/config` … of all packages. */
function subpaths(): string[] {
  return [...packed.values()].flatMap(({ manifest }) =>
    Object.keys(manifest.exports).map((subpath) => manifest.name + subpath.slice(1)),
  );
}

beforeAll(async () => {
  consumer = new Consumer();
  for (const name of names) packed.set(name, await consumer.pack(`packages/${name}`));
  for (const one of packed.values()) await consumer.install(one);
  consumer.link("node_modules/@types/node", join(root, "node_modules/@types/node"));
});

afterAll(() => consumer[Symbol.dispose]());

describe.each(names)("the tarball of %s", (name) => {
  test("holds the built files, README, licence and package.json, and nothing else", () => {
    const { files } = packageOf(name);
    const others = files.filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path));
    expect(others.toSorted()).toEqual(["LICENSE", "README.md", "package.json"]);
    const sources = filesBelow(root, `packages/${name}/src`, [".ts"]);
    const built = sources.flatMap((path) => {
      const stem = path.slice(`packages/${name}/src/`.length, -".ts".length);
      return [`dist/${stem}.js`, `dist/${stem}.d.ts`];
    });
    expect(files.filter((path) => path.startsWith("dist/")).toSorted()).toEqual(built.toSorted());
  });

  test("names no file that it does not hold", () => {
    const { files } = packageOf(name);
    const scripts = files.filter((path) => path.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(0);
    for (const path of scripts) expect(installed(name, path), path).not.toContain("sourceMappingURL");
  });

  test("is small", () => {
    expect(packageOf(name).size).toBeLessThan(sizes[name] ?? 0);
  });

  test("says what it is, who may use it and where it runs", () => {
    const { manifest } = packageOf(name);
    expect(manifest).toMatchObject({ license: "Apache-2.0", engines: { node: ">=20.19" } });
    expect(manifest.description).toMatch(/^.{20,120}\.$/);
    expect(manifest.keywords).toContain("redis");
    expect(installed(name, "LICENSE")).toBe(readFileSync(join(root, "LICENSE"), "utf8"));
  });

  test("has no any in its declarations", () => {
    const declarations = packageOf(name).files.filter((path) => path.endsWith(".d.ts"));
    expect(declarations.length).toBeGreaterThan(0);
    for (const path of declarations) {
      const code = installed(name, path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      // A property may have that name.
      expect(code, path).not.toMatch(/(?<!["'\w])any(?!["'\w]|\??:)/);
    }
  });
});

test("npm installs the client without a network, because it needs no other package", async () => {
  using empty = new Consumer();
  const { tarball, manifest } = packageOf("client");
  const ended = await empty.run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball]);
  expect(ended.code, ended.output).toBe(0);
  expect(readdirSync(join(empty.folder, "node_modules/@redoubt"))).toEqual(["client"]);
  expect(manifest.dependencies).toBeUndefined();
  const imported = await empty.run("node", [
    "-e",
    'import("@redoubt/client").then((all) => console.log(typeof all.createClient))',
  ]);
  expect(imported.stdout).toBe("function\n");
});

test("every subpath can be imported from outside", async () => {
  const all = subpaths();
  expect(all.length).toBeGreaterThanOrEqual(names.length);
  const script = `for (const name of ${JSON.stringify(all)}) {
    const { length } = Object.keys(await import(name));
    if (length === 0) throw new Error(name + " gives nothing");
  }`;
  const { code, output } = await consumer.run("node", ["--input-type=module", "-e", script]);
  expect(code, output).toBe(0);
});

test("what a package does not offer cannot be imported", async () => {
  const { code, output } = await consumer.run("node", ["-e", 'import("@redoubt/client/dist/version.js")']);
  expect(output).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  expect(code).toBe(1);
});

test("npx finds the command line", async () => {
  const { code, stdout } = await consumer.run("npx", ["--offline", "redoubt", "--version"]);
  expect(stdout).toBe(`${packageOf("cli").manifest.version}\n`);
  expect(code).toBe(0);
});

// A bundler leaves out modules whose names nobody uses when a package says that it has no side effects.
test("a bundled client still has its commands", async () => {
  consumer.write(
    "app.js",
    'import { createClient } from "@redoubt/client";\n' +
      'const client = createClient("redis://127.0.0.1:6379");\n' +
      "console.log(typeof client.hGetAll, typeof client.HGETALL, typeof client.sendCommand, typeof client.as);\n",
  );
  await build({
    root: consumer.folder,
    configFile: false,
    logLevel: "silent",
    ssr: { noExternal: true },
    build: { ssr: "app.js", outDir: "bundle", minify: true },
  });
  // The bundle must not find the package any more.
  expect(readFileSync(join(consumer.folder, "bundle/app.js"), "utf8")).not.toContain("@redoubt/client");
  const { output } = await consumer.run("node", ["bundle/app.js"]);
  expect(output).toBe("function function function function\n");
});

describe("a strict program of one line", () => {
  const program =
    'import { createClient } from "@redoubt/client";\n' +
    'export const value: Promise<string | null> = createClient("rediss://host").get("key");\n';

  // The time is printed, too, and not judged: it is that of a machine that does other things as well.
  test.each([
    ["nodenext", "nodenext"],
    ["bundler", "esnext"],
  ])("type-checks with little work, with the resolution of %s", async (moduleResolution, module) => {
    consumer.write("one.ts", program);
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      target: "es2023",
      lib: ["es2023", "esnext.disposable"],
      module,
      moduleResolution,
      types: ["node"],
    };
    const config = `${moduleResolution}.json`;
    consumer.write(config, JSON.stringify({ compilerOptions, files: ["one.ts"] }));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { code, output } = await consumer.run("node", [
      tsc,
      "-p",
      config,
      "--singleThreaded",
      "--extendedDiagnostics",
    ]);
    expect(code, output).toBe(0);
    const instantiations = Number(/^Instantiations:\s+(\d+)$/m.exec(output)?.[1]);
    const [time] = /^Check time:\s+.+$/m.exec(output) ?? [];
    console.info(`${moduleResolution}: ${instantiations} instantiations. ${time}`);
    expect(instantiations).toBeGreaterThan(0);
    expect(instantiations).toBeLessThan(instantiationsAllowed);
  });
});
