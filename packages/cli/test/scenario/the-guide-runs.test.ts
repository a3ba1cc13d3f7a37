import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { execute, program } from "./redoubt.ts";

const guide = await readFile(new URL("../../../../docs/guide/cli.md", import.meta.url), "utf8");
const examples = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text ?? "");

let server: RedisServer;
let folder: string;

beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "redoubt-guide-"));
  const command = join(folder, "redoubt");
  await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  await chmod(command, 0o755);
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test("the guide has examples", () => expect(examples.length).toBeGreaterThan(8));

test.each(examples)(
  "%s",
  async (text) => {
    const environment = { PATH: `${folder}:${process.env["PATH"]}`, REDIS_URL: server.uri };
    const run = await execute("sh", ["-e", "-c", text], { environment, deadline: 60_000 });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/\S/) });
    expect(run.stdout + run.stderr).not.toContain(String(server.password));
    expect(run.stdout + run.stderr).not.toMatch(/UNEXPECTED|unexpectedly/);
  },
  60_000,
);
