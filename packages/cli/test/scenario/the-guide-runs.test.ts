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
    // Each in a folder of its own, for they write files.
    const work = await mkdtemp(join(folder, "work-"));
    const environment = { PATH: `${folder}:${process.env["PATH"]}`, REDIS_URL: server.uri };
    const run = await execute("sh", ["-e", "-c", `cd "${work}"\n${text}`], { environment, deadline: 60_000 });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/\S/) });
    expect(run.stdout + run.stderr).not.toContain(String(server.password));
    expect(run.stdout + run.stderr).not.toMatch(/UNEXPECTED|unexpectedly/);
  },
  60_000,
);

// What a command has no section for here has a guide of its own, and is in the table above.
test.each([
  ["ping", ["ping"]],
  ["uri", ["uri"]],
  ["uri check", ["uri", "check"]],
  ["tunnel --to", ["tunnel"]],
  ["tunnel unit", ["tunnel", "unit"]],
  ["tunnel check", ["tunnel", "check"]],
  ["terminate", ["terminate"]],
])("the section of redoubt %s names every option that its help names, and no other", async (title, words) => {
  const { stdout } = await execute(process.execPath, [program, ...words, "--help"]);
  const help = new Set(
    [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag as string),
  );
  help.delete("--help");
  const [, section = ""] = guide.split(`## \`redoubt ${title}\`\n`);
  const text = section.split(/^## /m)[0] as string;
  expect(help.size).toBeGreaterThan(0);
  for (const flag of help)
    if (title !== "tunnel --to" || flag !== "--config") expect(text, flag).toContain(flag);
  const table = [...text.matchAll(/^\| (`--.*?) \|/gm)].map(([, cell]) => cell as string).join(" ");
  for (const [flag] of table.matchAll(/--[a-z-]+/g)) expect([...help], flag).toContain(flag);
});
