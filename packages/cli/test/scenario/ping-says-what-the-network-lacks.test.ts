import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { execute, program } from "./redoubt.ts";

/** Runs in a network of its own, which has nothing but a loopback, and that is down. */
const alone = ["unshare", "--map-root-user", "--net", "--mount"] as const;

const works = (words: readonly string[]): boolean =>
  spawnSync(words[0] ?? "", words.slice(1), { stdio: "ignore" }).status === 0;

const missing = works([...alone, "true"]) ? "" : "(skipped: no network namespace can be made here)";
const unnamed = works([...alone, "sh", "-c", "ip link set lo up"]) ? "" : "(skipped: ip is missing)";

/** Runs `redoubt ping --json` by a shell line that ends with it. */
async function ping(uri: string, before = ""): Promise<{ exit: number; error: Record<string, unknown> }> {
  const line = `${before} "$0" "$@"`;
  const words = [process.execPath, program, "ping", "--json", "--timeout", "4000", uri];
  const { code, stdout } = await execute(alone[0], [...alone.slice(1), "sh", "-ec", line, ...words]);
  return { exit: code, error: JSON.parse(stdout).error };
}

describe.skipIf(missing !== "")(`exit code 4 ${missing}`, () => {
  test("no route leads there: TCP_UNREACHABLE", async () => {
    const { exit, error } = await ping("rediss://192.0.2.1:6380");
    expect(error).toMatchObject({ code: "TCP_UNREACHABLE", stage: "tcp", address: "192.0.2.1:6380" });
    expect(exit).toBe(4);
  });

  describe.skipIf(unnamed !== "")(`names ${unnamed}`, () => {
    // The return codes of RFC 1035 section 4.1.1.
    test.each([
      ["the DNS server has failed (SERVFAIL)", 2, "DNS_UNAVAILABLE"],
      ["it refuses (REFUSED)", 5, "DNS_UNAVAILABLE"],
      ["it knows no such name (NXDOMAIN)", 3, "DNS_NOT_FOUND"],
    ])("%s", async (_, returnCode, code) => {
      const folder = mkdtempSync(join(tmpdir(), "redoubt-dns-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const configuration = join(folder, "resolv.conf");
      writeFileSync(configuration, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
      const script = fileURLToPath(new URL("dns-server.mjs", import.meta.url));
      const { exit, error } = await ping(
        "rediss://cache.example.com:6380",
        `ip link set lo up; mount --bind '${configuration}' /etc/resolv.conf; exec '${process.execPath}' '${script}' ${returnCode}`,
      );
      expect(error).toMatchObject({ code, stage: "dns", address: "cache.example.com:6380" });
      expect(exit).toBe(4);
    });
  });
});
