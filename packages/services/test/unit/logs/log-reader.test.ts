import { appendFile, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesOf, LogWriter, logPath, rotate, unitsOf } from "../../../src/logs/log-file.ts";
import { followLogs, readLogs } from "../../../src/logs/log-reader.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "redoubt-logs-"));
});
afterEach(() => rm(folder, { recursive: true }));

const start = Date.parse("2026-11-29T00:00:00Z");
const put = (unit: string, second: number, message: string): void =>
  new LogWriter(folder, unit).write(message, new Date(start + second * 1000));
const messages = ({ lines }: { lines: readonly { message: string }[] }): string[] =>
  lines.map(({ message }) => message);

test("units are put together by time, pages lead to older lines, and nothing comes twice or not at all", async () => {
  for (let index = 0; index < 30; index++)
    put(["redis-1", "keeper", "terminator"][index % 3] as string, index, `m${index}`);
  const all = Array.from({ length: 30 }, (_, index) => `m${29 - index}`);
  const first = await readLogs(folder, { limit: 7 });
  expect(messages(first)).toEqual(all.slice(0, 7));
  expect(first.lines[0]).toMatchObject({ unit: "terminator", time: "2026-11-29T00:00:29.000Z" });
  // What is written meanwhile is on none of the older pages.
  put("keeper", 99, "meanwhile");
  const read = messages(first);
  let { offset } = first;
  for (;;) {
    const page = await readLogs(folder, { limit: 7, offset });
    if (page.lines.length === 0) break;
    read.push(...messages(page));
    ({ offset } = page);
  }
  expect(read).toEqual(all);
  expect(messages(await readLogs(folder, { limit: 3, order: "asc", units: ["redis-1"] }))).toEqual([
    "m21",
    "m24",
    "m27",
  ]);
});

test("an ascending page leads to what comes after it, rotation or not", async () => {
  put("redis-1", 0, "a");
  put("redis-1", 1, "b");
  const page = await readLogs(folder, { order: "asc", limit: 1 });
  expect(messages(page)).toEqual(["b"]);
  put("redis-1", 2, "c");
  expect(await rotate(folder, "redis-1", { size: 1 })).toBe(true);
  put("redis-1", 3, "d");
  await rotate(folder, "redis-1", { size: 1 });
  put("sentinel-1", 4, "e");
  const second = await readLogs(folder, { order: "asc", offset: page.offset, limit: 2 });
  expect(messages(second)).toEqual(["c", "d"]);
  const third = await readLogs(folder, { order: "asc", offset: second.offset });
  expect(messages(third)).toEqual(["e"]);
  expect(messages(await readLogs(folder, { order: "asc", offset: third.offset }))).toEqual([]);
});

test("lines are found again from both ends, whatever they are long and wherever files begin", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.boolean()), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 5 }),
      async (lines, limit) => {
        for (const file of await readdir(folder)) await rm(join(folder, file));
        for (const [index, [length, rotates]] of lines.entries()) {
          put("redis-1", index, `${index} ${"x".repeat(length)}`);
          if (rotates) await rotate(folder, "redis-1", { size: 1, count: 20 });
        }
        const numbers: number[] = [];
        let offset: string | undefined;
        for (;;) {
          const page = await readLogs(folder, { limit, ...(offset !== undefined && { offset }) });
          if (page.lines.length === 0) break;
          numbers.push(...messages(page).map((message) => Number.parseInt(message, 10)));
          ({ offset } = page);
        }
        expect(numbers.toReversed()).toEqual([...lines.keys()]);
      },
    ),
    { numRuns: 40 },
  );
});

test("a line that is still being written is not read, and lines without a time stay with the one before", async () => {
  put("redis-1", 0, "crash");
  await appendFile(logPath(folder, "redis-1"), "stack frame 1\nstack frame 2\n\nhalf a li");
  put("keeper", 1, "restarted it");
  const page = await readLogs(folder, { order: "asc" });
  expect(messages(page)).toEqual(["crash", "stack frame 1", "stack frame 2", "", "restarted it"]);
  await appendFile(logPath(folder, "redis-1"), "ne\n");
  expect(messages(await readLogs(folder, { order: "asc", offset: page.offset }))).toEqual(["half a line"]);
});

test("rotation keeps as many files as it should, also after it was cut short", async () => {
  for (let index = 0; index < 8; index++) {
    put("redis-1", index, `m${index}`);
    expect(await rotate(folder, "redis-1", { size: 10, count: 3 })).toBe(true);
  }
  expect(await rotate(folder, "redis-1", { size: 10, count: 3 })).toBe(false);
  expect((await readdir(folder)).sort()).toEqual(["redis-1.log.1", "redis-1.log.2", "redis-1.log.3"]);
  // The process died after it had moved the second: a gap, and nothing is lost by going on.
  await rm(join(folder, "redis-1.log.2"));
  put("redis-1", 9, "m9");
  await rotate(folder, "redis-1", { size: 10, count: 3 });
  expect(messages(await readLogs(folder))).toEqual(["m9", "m7"]);
  expect(await filesOf(folder, "redis-1")).toEqual([
    join(folder, "redis-1.log.1"),
    join(folder, "redis-1.log.2"),
  ]);
  expect(await unitsOf(folder)).toEqual(["redis-1"]);
});

test("a message is one line, secrets are masked on the way out, and files are only for their owner", async () => {
  put("keeper", 0, "two\r\nlines with hunter2");
  const mask = (message: string): string => message.replaceAll("hunter2", "*****");
  expect(messages(await readLogs(folder, { mask }))).toEqual(["two lines with *****"]);
  expect((await stat(logPath(folder, "keeper"))).mode & 0o777).toBe(0o600);
});

test("what is no offset and no limit is refused, and no folder is no lines", async () => {
  await writeFile(join(folder, "notes.txt"), "x");
  expect((await readLogs(join(folder, "none"))).lines).toEqual([]);
  expect((await readLogs(folder)).lines).toEqual([]);
  for (const options of [{ offset: "nonsense" }, { offset: "bnVsbA" }, { limit: 0 }, { limit: 1.5 }])
    await expect(readLogs(folder, options)).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
});

test("following gives each line once, in time, until it is told to end", async () => {
  put("redis-1", 0, "before");
  const end = new AbortController();
  const heard: string[] = [];
  const following = (async () => {
    for await (const { message } of followLogs(folder, { signal: end.signal, every: 5 })) heard.push(message);
  })();
  await expect.poll(() => heard).toEqual(["before"]);
  for (let index = 1; index <= 20; index++) {
    put("redis-1", index, `${index}`);
    if (index % 5 === 0) await rotate(folder, "redis-1", { size: 1, count: 30 });
  }
  await expect.poll(() => heard.length).toBe(21);
  expect(heard.slice(1)).toEqual(Array.from({ length: 20 }, (_, index) => `${index + 1}`));
  end.abort();
  await following;
});
