import { describe, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

async function check(text: string) {
  const { code, stdout } = await redoubt(["uri", "check", "--json", "-"], { stdin: text });
  const { findings, target } = JSON.parse(stdout) as {
    findings: {
      code: string;
      severity: string;
      message: string;
      position: number | null;
      fix: string | null;
    }[];
    target: { dialect: string };
  };
  return { code, findings, target };
}

const serious = (findings: { severity: string }[]) => findings.filter(({ severity }) => severity !== "info");

describe("exit code 3 and a fix for", () => {
  test.each([
    ["a password over plain text", "redis://:abcdefgh@cache.example.com:6379"],
    ["the plain port of Azure", "cache.redis.cache.windows.net:6379,password=abcdefgh=,ssl=False"],
    ["old TLS", "cache.example.com:6380,password=abcdefgh,ssl=True,sslProtocols=Tls11"],
  ])("%s", async (_what, text) => {
    const { code, findings, target } = await check(text);
    expect(serious(findings).length).toBeGreaterThan(0);
    for (const finding of findings) {
      expect(Object.keys(finding).sort()).toEqual(["code", "fix", "message", "position", "severity"]);
      expect(["info", "warning", "error"]).toContain(finding.severity);
    }
    expect(target.dialect).toMatch(/./);
    expect(code).toBe(3);
  });
});

test("exit code 0 where nothing serious is found", async () => {
  const { code, findings } = await check("rediss://user:abcdefgh@cache.example.com:6380");
  expect(serious(findings)).toEqual([]);
  expect(code).toBe(0);
});

test("a person reads severity, code and fix", async () => {
  const { code, stdout } = await redoubt(["uri", "check", "redis://:abcdefgh@cache.example.com:6379"]);
  expect(stdout).toMatch(/^ {2}(warning|error) {2}\w+/m);
  expect(stdout).toMatch(/^ {4}fix {2}\S/m);
  expect(stdout).not.toContain("abcdefgh");
  expect(code).toBe(3);
});

test("--json before the subcommand means the same", async () => {
  const { stdout } = await redoubt(["uri", "--json", "check", "rediss://cache.example.com:6380"]);
  expect(JSON.parse(stdout)).toHaveProperty("findings");
});

test("a refused string is exit code 2, not a finding", async () => {
  const { code, stdout } = await redoubt(["uri", "check", "--json", "host:6380,pasword=abc"]);
  expect(JSON.parse(stdout).error.code).toBe("CONFIG_UNKNOWN_KEY");
  expect(code).toBe(2);
});
