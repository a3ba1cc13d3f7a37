import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holderOf, isLock, patientLock, takeLock } from "../../../src/state/lock.ts";

const built = fileURLToPath(new URL("../../../dist/state/lock.js", import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "redoubt-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a program that can take locks, and resolves with what it prints when it has ended. */
function run(body: string): Promise<string> {
  const script = `import { takeLock, isLock } from ${JSON.stringify(built)};
    const path = ${JSON.stringify(join(folder, "one"))};
    ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (some: string) => {
      text += some;
    });
  return new Promise((resolve) => child.once("close", () => resolve(text)));
}

test("who comes second is told who has it, until it is given back", async () => {
  const path = join(folder, "one");
  const first = await takeLock(path, "ann", "update");
  expect(isLock(first)).toBe(true);
  expect(await takeLock(path, "bob", "update")).toMatchObject({
    actor: "ann",
    pid: process.pid,
    purpose: "update",
  });
  await expect(patientLock(path, "bob", "update", 30)).rejects.toMatchObject({ code: "SERVICE_BUSY" });
  if (isLock(first)) await first.release();
  expect(await holderOf(path)).toBe(null);
  await using again = await patientLock(path, "bob", "update", 1000);
  expect(isLock(again)).toBe(true);
});

test("the lock of a process that was killed is taken over, by one only, however many try", async () => {
  await run(`await takeLock(path, "dead", "update"); process.kill(process.pid, "SIGKILL");`);
  expect(await holderOf(join(folder, "one"))).toMatchObject({ actor: "dead" });
  // Each notes in a file of its own when it had the lock; two at once would overlap.
  const take = `
    let taken;
    do { taken = await takeLock(path, "heir", "update"); } while (!isLock(taken));
    const from = process.hrtime.bigint();
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log(from + " " + process.hrtime.bigint());
    await taken.release();`;
  const spans = (await Promise.all(Array.from({ length: 6 }, () => run(take)))).map((line) =>
    line.trim().split(" ").map(BigInt),
  );
  spans.sort(([a = 0n], [b = 0n]) => (a < b ? -1 : 1));
  expect(spans).toHaveLength(6);
  for (const [at, [from = 0n]] of spans.entries())
    if (at > 0) expect(from > (spans[at - 1]?.[1] ?? 0n)).toBe(true);
  expect(await readdir(folder)).toEqual([]);
});

test("a lock whose file was removed is put back, or is another's, who keeps it", async () => {
  const path = join(folder, "locks", "one");
  const first = await takeLock(path, "ann", "keep");
  if (!isLock(first)) throw new Error("nobody else has it");
  const written = await readFile(path, "utf8");
  await rm(join(folder, "locks"), { recursive: true });
  expect(await first.keep()).toBe(true);
  expect(await readFile(path, "utf8")).toBe(written);
  expect(await takeLock(path, "bob", "keep")).toMatchObject({ actor: "ann" });

  await rm(path);
  await using second = await patientLock(path, "bob", "keep", 1000);
  expect(await first.keep()).toBe(false);
  await first.release();
  expect(await second.keep()).toBe(true);
  expect(await holderOf(path)).toMatchObject({ actor: "bob" });
  expect(await readdir(join(folder, "locks"))).toEqual(["one"]);
});
