import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { missingForLab } from "@redoubt/network";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute, program, redoubt } from "./redoubt.ts";

const missing = missingForLab();
const unfit = missing.length === 0 ? "" : `(skipped: ${missing[0]})`;
const isCi = !["", "false"].includes(process.env["CI"] ?? "");
// Under CI a program that is missing is a failure. Where nobody is root, nothing can be done about it.
if (unfit !== "" && isCi && process.platform === "linux" && process.getuid?.() === 0) throw new Error(unfit);

const name = `scenario-${process.pid}`;
const lab = (...words: readonly string[]) => redoubt(["network", "lab", ...words, "--name", name]);
const on = (machine: string, ...words: readonly string[]) =>
  redoubt(["network", "lab", "exec", "--name", name, machine, "--", ...words]);
const folder = join("/run/redoubt-lab", name);

const namesIn = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);

/** Everything on this machine that a laboratory may not change, or may not leave behind. */
async function machine() {
  const show = async (...words: string[]) => (await execute("ip", words)).stdout;
  const rules = await execute("nft", ["list", "ruleset"]);
  return {
    links: await show("-o", "link"),
    addresses: (await show("-o", "addr")).replaceAll(/valid_lft.*/g, ""),
    routes: await show("route", "show", "table", "all"),
    rules: await show("rule"),
    filter: rules.stdout,
    resolver: existsSync("/etc/resolv.conf") ? statSync("/etc/resolv.conf").mtimeMs : 0,
    forwarding: (await execute("cat", ["/proc/sys/net/ipv4/ip_forward"])).stdout,
  };
}

const remains = (id: string) =>
  [...namesIn("/run/netns"), ...namesIn("/etc/netns")].filter((one) => one.startsWith(`redoubt-lab-${id}`));

test("what can be broken is listed on every machine", async () => {
  const { code, stdout } = await redoubt(["network", "lab", "list", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).length).toBeGreaterThanOrEqual(14);
});

test("LAB_UNKNOWN: a laboratory that was not made", async () => {
  const { code, stderr } = await redoubt(["network", "lab", "status", "--name", "no-such-lab"]);
  expect(stderr).toContain("LAB_UNKNOWN");
  expect(code).toBe(1);
});

// Where this is not root, it is unfit by itself.
const asNobody = process.getuid?.() === 0 ? ["unshare", "--user"] : ["env"];
test.skipIf(process.platform !== "linux")("LAB_UNFIT: only root may", async () => {
  const [file = "", ...words] = asNobody;
  const { code, stderr } = await execute(file, [
    ...words,
    process.execPath,
    program,
    "network",
    "lab",
    "up",
    "--name",
    "unfit",
  ]);
  expect(stderr).toContain("LAB_UNFIT");
  expect(stderr).toContain("sudo");
  expect(code).toBe(1);
});

describe.skipIf(unfit !== "")(`a laboratory ${unfit}`, () => {
  let before: Awaited<ReturnType<typeof machine>>;
  let id = "";
  let up: Awaited<ReturnType<typeof redoubt>>;
  beforeAll(async () => {
    before = await machine();
    up = await lab("up", "--json");
    id = /redoubt-lab-([0-9a-f]{8})-/.exec(up.stdout)?.[1] ?? "none";
  });
  afterAll(async () => {
    if (existsSync(folder)) await lab("down");
  });

  test("is made, with every way to every cache allowed by the judge; passwords are masked", () => {
    expect(up.code, up.stderr).toBe(0);
    const { machines, ways, caches } = JSON.parse(up.stdout);
    expect(machines.length).toBeGreaterThan(10);
    expect(ways.length).toBe(8);
    for (const { verdict } of ways) expect(verdict).toBe("allowed");
    for (const { string } of caches) expect(string).toContain(":*****@");
  });

  test("keeps what it knows for root alone", () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      const info = statSync(join(folder, file));
      if (info.isFile() && !file.endsWith(".pid")) expect(info.mode & 0o077, file).toBe(0);
    }
  });

  test("LAB_EXISTS: its name is taken", async () => {
    const { code, stderr } = await lab("up");
    expect(stderr).toContain("LAB_EXISTS");
    expect(code).toBe(1);
  });

  test.each(["app", "web", "jobs", "office"])("%s reaches both caches, verified", async (host) => {
    const script = `printenv REDIS_URL_ORDERS | "$0" "$1" ping --json - && printenv REDIS_URL_SESSIONS | "$0" "$1" ping --json -`;
    const { code, stdout } = await on(host, "sh", "-ec", script, process.execPath, program);
    expect(code, stdout).toBe(0);
    expect(stdout.match(/"verification": "full"/g)).toHaveLength(2);
  });

  test("a command's own exit code is that of exec; redoubt means this program", async () => {
    expect((await on("app", "sh", "-c", "exit 42")).code).toBe(42);
    expect(
      (await on("app", "redoubt", "tcping", "--count", "1", "orders.redis.cache.windows.net", "6380")).code,
    ).toBe(0);
    const { code, stderr } = await on("no-such-host", "true");
    expect(stderr).toContain("There are:");
    expect(code).toBe(2);
  });

  test("broken by name: silent from there, and the judge names the rule; mended: open", async () => {
    const reach = () =>
      on(
        "app",
        "redoubt",
        "tcping",
        "--json",
        "--count",
        "1",
        "--timeout",
        "700ms",
        "orders.redis.cache.windows.net",
        "6380",
      );
    expect((await lab("break", "client-port-denied")).code).toBe(0);
    const broken = await reach();
    expect(JSON.parse(broken.stdout.split("\n")[0] ?? "")).toMatchObject({
      outcome: "timeout",
      address: "10.0.1.10",
    });
    expect(broken.code).toBe(4);
    expect((await lab("status")).stdout).toMatch(
      /app +orders +denied +redis-nsg: rule deny-6380 \(100\) denies it/,
    );
    const mended = await lab("mend", "client-port-denied");
    expect(mended.stdout).toContain("Allow TCP 6380");
    expect((await reach()).code).toBe(0);
  });

  test("LAB_BUSY: somebody else changes it", async () => {
    const stat = (await execute("cat", [`/proc/${process.pid}/stat`])).stdout;
    const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    writeFileSync(join(folder, "lock"), JSON.stringify({ pid: process.pid, started }));
    const busy = await lab("break", "cache-down");
    expect(busy.stderr).toContain(`LAB_BUSY`);
    expect(busy.stderr).toContain(String(process.pid));
    // The holder of the next one was killed: it is taken over.
    writeFileSync(join(folder, "lock"), JSON.stringify({ pid: process.pid, started: "1" }));
    expect((await lab("mend", "all")).code).toBe(0);
  });

  test("LAB_FAILED: without the right to make namespaces nothing is left", async () => {
    const { stderr } = await execute("setpriv", [
      "--bounding-set=-sys_admin,-net_admin",
      "--inh-caps=-sys_admin,-net_admin",
      process.execPath,
      program,
      "network",
      "lab",
      "up",
      "--name",
      `${name}-failed`,
    ]);
    expect(stderr).toContain("LAB_FAILED");
    expect(existsSync(`${folder}-failed`)).toBe(false);
  });

  test("killed while it is made: the next command removes what was there, and leaves the other laboratory alone", async () => {
    const other = `${name}-killed`;
    await redoubt(["network", "lab", "up", "--name", other], {
      meanwhile: async (pid) => {
        const made = () =>
          namesIn("/run/netns").filter((one) => one.startsWith("redoubt-lab-") && !one.includes(id)).length;
        while (made() < 5) await delay(5);
        process.kill(pid, "SIGKILL");
      },
    });
    expect(existsSync(join("/run/redoubt-lab", other))).toBe(true);
    const strays = namesIn("/run/netns").filter((one) => one.startsWith("redoubt-lab-") && !one.includes(id));
    expect(strays.length).toBeGreaterThan(4);
    const { code } = await redoubt(["network", "lab", "down", "--name", other]);
    expect(code).toBe(0);
    for (const stray of strays) expect(namesIn("/run/netns")).not.toContain(stray);
    expect(existsSync(join("/run/redoubt-lab", other))).toBe(false);
    expect((await on("app", "true")).code).toBe(0);
  });

  test("removed, nothing is left of it, and this machine is as it was", async () => {
    expect((await lab("down")).code).toBe(0);
    expect(remains(id)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    expect((await execute("pgrep", ["-f", folder])).stdout).toBe("");
    expect(await machine()).toEqual(before);
  });
});
