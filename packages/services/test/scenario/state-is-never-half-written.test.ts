import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { projectAuthority } from "../../src/identity/authority.ts";
import { readCertificate } from "../../src/identity/certificates.ts";
import { openServices } from "../../src/services/project.ts";
import { Store } from "../../src/state/store.ts";

const built = (path: string): string => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href);

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "redoubt-half-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

// Some forty processes one after the other, each of which loads everything.
vi.setConfig({ testTimeout: 400_000 });

/**
 * Runs something in a process that ends itself with SIGKILL after so many steps that change the disk.
 * @returns whether it came to its end before
 */
function run(steps: number, body: string): Promise<boolean> {
  const script = `import { Disk } from ${built("state/disk.js")};
    import { Changer } from ${built("services/changer.js")};
    import { create } from ${built("services/creation.js")};
    import { terminate } from ${built("services/power.js")};
    let left = ${steps};
    const disk = new Disk(() => { if (left-- === 0) process.kill(process.pid, "SIGKILL"); });
    const all = new Changer(${JSON.stringify(home)}, "test", disk);
    try { ${body} } catch (error) { if (error.code !== "SERVICE_FAILED") console.log(error); }
    process.exit(0);`;
  // Without a server program on the PATH nothing is started: only what is on the disk counts here.
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { PATH: "" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve) => child.once("close", (_, signal) => resolve(signal === null)));
}

/** Ends it after the first step, after the second, and so on, each in a home of its own, until it comes to its end. */
async function atEveryStep(
  body: string,
  look: (step: number) => Promise<void>,
  before = async () => {},
): Promise<number> {
  for (let step = 0; ; step++) {
    await rm(home, { recursive: true, force: true });
    await before();
    const done = await run(step, body);
    await look(step);
    if (done) return step;
    expect(step).toBeLessThan(200);
  }
}

/** Writes down a service that is powered off. */
const makeOff = async (): Promise<void> => {
  await run(Number.MAX_SAFE_INTEGER, `await create(all, "one", {});`);
  const store = new Store(home);
  await store.write({ ...(await store.read("one")), power: "off" });
};

test("a service is there whole or not at all, and so is the CA, wherever its making is ended", async () => {
  let there = 0;
  const steps = await atEveryStep(`await create(all, "one", {});`, async () => {
    const store = new Store(home);
    const names = await store.names();
    if (names.length > 0) {
      there++;
      expect(await store.read("one")).toMatchObject({ name: "one", revision: 1, plan: "startup-1" });
      await readCertificate(store.places.service("one"), 1);
    }
    // Nobody is in the way of the next: locks of the dead are taken over, and what was begun is swept away.
    await store.prepare();
    await projectAuthority(store);
    await (await store.lock("one", "test", "look")).release();
    await store.sweep();
    expect((await readdir(join(home, "services"))).filter((name) => name.startsWith("."))).toEqual([]);
  });
  expect(steps).toBeGreaterThan(20);
  expect(there).toBeGreaterThan(0);
});

test("a change is made or not, wherever it is ended, and the next can be made", async () => {
  const change = `await all.change("one", { type: "service_update", description: "" }, (record) => ({ ...record, tags: { a: "new" } }));`;
  const seen = new Set<string>();
  const steps = await atEveryStep(
    change,
    async () => {
      const services = openServices({ home, actor: "test" });
      const [one] = await services.list();
      const tags = JSON.stringify(one?.tags);
      expect([`1 {}`, `2 {"a":"new"}`]).toContain(`${one?.revision} ${tags}`);
      seen.add(tags);
      await services.tagsReplace("one", { a: "newer" });
      expect(await services.tags("one")).toEqual({ a: "newer" });
      const lines = (await readFile(join(home, "events.jsonl"), "utf8")).trim().split("\n");
      for (const line of lines) JSON.parse(line);
    },
    makeOff,
  );
  expect(steps).toBeGreaterThan(3);
  expect(seen.size).toBe(2);
});

test("a service is gone or can be terminated again, wherever its end is ended", async () => {
  await atEveryStep(
    `await terminate(all, "one");`,
    async () => {
      const services = openServices({ home, actor: "test" });
      await services
        .terminate("one")
        .catch((error: unknown) => expect(error).toMatchObject({ code: "SERVICE_UNKNOWN" }));
      expect(await services.names()).toEqual([]);
    },
    makeOff,
  );
});
