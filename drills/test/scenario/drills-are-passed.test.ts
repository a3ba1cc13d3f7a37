import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Outcome } from "../../src/drill.ts";

const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** Runs the built program. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [program, ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 110_000,
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...texts };
}

test("two short drills, against real servers", async () => {
  const { code, stdout, stderr } = await run(["--json", "cut-reply", "certificate"]);
  const drills = JSON.parse(stdout) as ({ drill: string; findings: string[] } & Outcome)[];
  expect(drills.map(({ drill, findings }) => ({ drill, findings }))).toEqual([
    { drill: "cut-reply", findings: [] },
    { drill: "certificate", findings: [] },
  ]);
  for (const { account } of drills) {
    expect(account.answered).toBeGreaterThan(100);
    expect(account.asked).toBe(account.answered + (account.failed["CLOSED_CONNECTION"] ?? 0));
    expect(account.end.descriptors).toBe(account.begin.descriptors);
  }
  expect(drills[0]?.account.failed["CLOSED_CONNECTION"]).toBeGreaterThan(0);
  expect(code, stderr).toBe(0);
});

test("a drill that breaks has failed, and the program with it", async () => {
  const { code, stdout } = await run(["cut-reply"], { PATH: "/nowhere" });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^cut-reply .* failed$/m);
  expect(stdout).toMatch(/^cut-reply: .*redis-server/m);
});

test("a drill that does not exist is a usage error that names those that do", async () => {
  const { code, stdout, stderr } = await run(["earthquake"]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^There is no drill earthquake\.\n\nUsage: npm run drill/);
  expect(stderr).toContain("sentinel-failover");
});
