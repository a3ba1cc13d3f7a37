import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const script = fileURLToPath(new URL("../../bootstrap.mjs", import.meta.url));

/** Runs the bootstrap with a PATH of its own. */
async function bootstrap(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  nodeArgs: readonly string[] = [],
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
    env: { PATH: folderWith([]), ...env },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 60_000,
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stderr };
}

/** A folder in which exactly these programs are found. They are never run here. */
function folderWith(programs: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "redoubt-path-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const program of programs) symlinkSync(process.execPath, join(folder, program));
  return folder;
}

test("a Node that is too old is told so, and nothing else happens", async () => {
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.4" } })`;
  const { code, stderr } = await bootstrap(["start"], {}, [
    "--import",
    `data:text/javascript,${encodeURIComponent(pretend)}`,
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Redoubt needs Node 20\.19 or newer; /);
});

test("a command that does not exist is a usage error that names those that do", async () => {
  const { code, stderr } = await bootstrap(["deploy"], {});
  expect(code).toBe(2);
  expect(stderr).toBe(
    "Usage: node tools/bootstrap.mjs setup | start | test | check | build | drill | bench\n",
  );
});

test("without redis-server, and where none may be installed, the package of this system is named", async () => {
  const cases: [string[], string][] = [
    [
      ["apt-get"],
      "Missing: redis-server. Install it: sudo apt-get install redis-server (REDOUBT_NO_INSTALL is set).\n",
    ],
    [["brew"], "Missing: redis-server. Install it: brew install redis (REDOUBT_NO_INSTALL is set).\n"],
    [["dnf"], "Missing: redis-server. Install it: sudo dnf install valkey (REDOUBT_NO_INSTALL is set).\n"],
  ];
  for (const [programs, line] of cases) {
    const { code, stderr } = await bootstrap(["start"], {
      PATH: folderWith(programs),
      REDOUBT_NO_INSTALL: "1",
    });
    expect(stderr).toBe(line);
    expect(code).toBe(1);
  }
});

test("a system without a package manager that we know is told what must be on the PATH", async () => {
  const { code, stderr } = await bootstrap(["start"], {});
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^Missing: redis-server\. Install redis-server .*: redis-server, valkey-server\.\n$/,
  );
});

test("under CI a tool that only tests need is required as well", async () => {
  const PATH = folderWith(["valkey-server", "valkey-cli", "apt-get"]);
  const env = { PATH, REDOUBT_NO_INSTALL: "1", CI: "true" };
  const { code, stderr } = await bootstrap(["test"], env);
  expect(code).toBe(1);
  expect(stderr).toBe(
    "Missing: chromium. Install it: sudo apt-get install chromium (REDOUBT_NO_INSTALL is set).\n",
  );
});
