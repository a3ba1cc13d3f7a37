import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { find, whatIsMissing } from "./programs.ts";

const file = fileURLToPath(new URL("../apphost.ts", import.meta.url));
const redoubt = fileURLToPath(new URL("../../../packages/cli/dist/main.js", import.meta.url));
if (!existsSync(redoubt)) throw new Error(`${redoubt} is not there: build first (npm run build).`);

const programs = {
  chromium: find("chromium", "chromium-browser", "google-chrome"),
  "redis-server": find("redis-server", "valkey-server"),
};
const missing = whatIsMissing(programs);
/** What a busy machine may need, ms. */
const limit = { timeout: 60_000, interval: 100 };

describe.skipIf(missing !== "")(`the todos as an app model ${missing}`, () => {
  const home = mkdtempSync(join(tmpdir(), "redoubt-todos-"));
  const environment = { PATH: process.env["PATH"], REDOUBT_HOME: home, HOME: home };
  let host: ChildProcess;
  let browser: Browser;
  let said = "";
  let address = "";

  const resource = async (name: string, ...words: readonly string[]): Promise<string> => {
    const args = [redoubt, "resource", name, ...words, "--app", file];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
    return stdout;
  };
  const ask = async (path: string): Promise<number> =>
    fetch(address + path).then(
      ({ status }) => status,
      () => 0,
    );

  beforeAll(async () => {
    host = spawn(process.execPath, [redoubt, "run", file], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [host.stdout, host.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    await vi.waitUntil(() => /All \d+ resources are healthy after/.test(said), limit);
    address = /todos: Running at (http:\S+)/.exec(said)?.[1] ?? "";
    browser = await chromium.launch({
      executablePath: programs.chromium ?? "",
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
    });
  });
  afterAll(async () => {
    await browser?.close();
    host?.kill("SIGKILL");
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it("says how long everything took, and what the host needs", () => {
    const [line] = /All \d+ resources are healthy after .+/.exec(said) ?? [];
    console.info(`${line} Memory of its processes: ${describeMemory(host.pid ?? 0)}.`);
    expect(line).toBeDefined();
  });

  it("serves the page, whose todos go over verified TLS; the cache is killed and comes back, and the page recovers", async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(address);
    const add = async (content: string): Promise<void> => {
      await page.getByLabel("What needs doing?").fill(content);
      await page.getByRole("button", { name: "Add" }).click();
    };
    await add("before the outage");
    await page.getByRole("listitem").filter({ hasText: "before the outage" }).waitFor();
    expect(await (await fetch(`${address}/connection`)).json()).toMatchObject({
      connected: true,
      tls: { protocol: "TLSv1.3", verification: "full", verifiedName: "localhost" },
    });

    const [, pid] = /cache\s+\| (\d+):M /.exec(said) ?? [];
    process.kill(Number(pid), "SIGKILL");
    await expect.poll(() => ask("/ready"), limit).toBe(503);
    expect(await ask("/live")).toBe(200);
    await expect.poll(() => resource("cache", "--json"), limit).toContain('"state": "Exited"');

    await resource("cache", "start");
    await resource("cache", "wait", "healthy");
    await expect.poll(() => ask("/ready"), limit).toBe(200);
    await page.reload();
    await page.getByRole("listitem").filter({ hasText: "before the outage" }).waitFor();
    await add("after the outage");
    await page.getByRole("listitem").filter({ hasText: "after the outage" }).waitFor();
    await page.close();
  });

  it("stops everything at an interrupt, and has told nobody the password", async () => {
    const secret = await resource("cache", "connection-string", "--reveal");
    const password = /password=([^,]+)/.exec(secret)?.[1] ?? "";
    expect(password).toMatch(/^[A-Za-z0-9]{22}$/);
    const ended = once(host, "close");
    host.kill("SIGINT");
    const [code] = (await ended) as [number];
    expect(code).toBe(130);
    expect(await ask("/live")).toBe(0);
    expect(said).not.toContain(password);
  });
});

/** Resident memory of a process and of those that it started which are Node, MiB. */
function describeMemory(pid: number): string {
  const rows: string[] = [];
  const look = (each: number): void => {
    const status = readFileSync(`/proc/${each}/status`, "utf8");
    const command = readFileSync(`/proc/${each}/cmdline`, "utf8").split("\0");
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    const script = command.findLast((word) => /\.(ts|js)$/.test(word)) ?? command[0] ?? "";
    rows.push(`${script.split("/").slice(-2).join("/")} ${Math.round(kilobytes / 1024)} MiB`);
    const children = readFileSync(`/proc/${each}/task/${each}/children`, "utf8");
    for (const child of children.trim().split(" ").filter(Boolean)) look(Number(child));
  };
  look(pid);
  return rows.join(", ");
}
