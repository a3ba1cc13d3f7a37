import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { execute, program, redoubt } from "./redoubt.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

describe("help", () => {
  test.each([
    ["--help"],
    ["ping", "--help"],
    ["uri", "--help"],
    ["uri", "check", "--help"],
    ["help", "ping"],
  ])("%s %s %s", async (...words) => {
    const { code, stdout, stderr } = await redoubt(words);
    expect(stdout).toContain("Examples:");
    expect(stdout.split("\n").length).toBeLessThan(45);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  test("no command at all: help on stderr, exit code 2", async () => {
    const { code, stdout, stderr } = await redoubt([]);
    expect(stderr).toContain("Usage: redoubt");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("--version", async () => {
    expect(await redoubt(["--version"])).toMatchObject({
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: "",
    });
  });
});

describe("what cannot be read: exit code 2", () => {
  test("an unknown command, with the nearest name", async () => {
    const { code, stdout, stderr } = await redoubt(["pign"]);
    expect(stderr).toContain("Did you mean ping?");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("an unknown option, also as JSON", async () => {
    const { code, stdout } = await redoubt(["uri", "--json", "--reveel", "localhost"]);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "CONFIG_UNKNOWN_KEY",
        message: "There is no option --reveel.",
        position: null,
        hint: expect.stringContaining("--reveal"),
      },
    });
    expect(code).toBe(2);
  });

  test.each([["uri"], ["uri check"], ["ping"]])(
    "an empty string is refused, not helped: %s",
    async (command) => {
      const plain = await redoubt([...command.split(" "), ""]);
      expect(plain.stderr).toMatch(/^CONFIG_/);
      expect(plain.code).toBe(2);
      const json = await redoubt([...command.split(" "), "", "--json"]);
      expect(JSON.parse(json.stdout).error.code).toMatch(/^CONFIG_/);
      expect(json.code).toBe(2);
    },
  );

  test("two strings", async () => {
    const { code, stderr } = await redoubt(["uri", "localhost", "otherhost"]);
    expect(stderr).toContain("CONFIG_SYNTAX");
    expect(code).toBe(2);
  });
});

describe("odd strings", () => {
  test("leading dashes after --", async () => {
    const { code, stdout } = await redoubt(["uri", "--json", "--", "-h cache.example.com"]);
    expect(JSON.parse(stdout)).toMatchObject({
      dialect: "redis-cli",
      endpoints: [{ host: "cache.example.com", port: 6379 }],
    });
    expect(code).toBe(0);
  });

  test("bytes that are not UTF-8 on stdin are refused", async () => {
    const { code, stdout } = await redoubt(["uri", "--json", "-"], {
      stdin: Buffer.from("localhost,password=\xff", "latin1"),
    });
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "CONFIG_SYNTAX",
      message: expect.stringContaining("UTF-8"),
    });
    expect(code).toBe(2);
  });

  test("a very long string is read or refused, quickly", async () => {
    const long = `localhost:6380,password=${"x".repeat(100_000)},ssl=True`;
    const { code, stdout, ms } = await redoubt(["uri", "--json", long]);
    expect(JSON.parse(stdout)).toHaveProperty("endpoints");
    expect(code).toBe(0);
    expect(ms).toBeLessThan(15_000);
  });

  test("more than a megabyte on stdin is refused", async () => {
    const { code, stderr } = await redoubt(["uri", "-"], { stdin: "x".repeat(1_100_000) });
    expect(stderr).toContain("CONFIG_SYNTAX");
    expect(code).toBe(2);
  });

  test("control characters do not reach the terminal", async () => {
    const { stdout, stderr } = await redoubt(["uri", "-"], {
      stdin: "rediss://localhost?client_name=a%1b%5d0;x%07",
    });
    expect(stdout + stderr).not.toMatch(/[\u0007\u001b]/);
  });
});

describe("output that cannot be written", () => {
  const command = `"${process.execPath}" "${program}" uri --json localhost`;

  test("a reader that has seen enough is no error", async () => {
    const { stderr } = await execute("sh", ["-c", `{ ${command}; echo "code $?" >&2; } | head -c 0`]);
    expect(stderr).toBe("code 0\n");
  });

  test.runIf(process.platform === "linux")("a full disk is one", async () => {
    const { stdout, stderr } = await execute("sh", ["-c", `${command} > /dev/full; echo "code $?"`]);
    expect(stderr).toBe("redoubt cannot write its output: ENOSPC\n");
    expect(stdout).toBe("code 1\n");
  });
});

describe("Ctrl-C ends with 130", () => {
  test("while connecting", async () => {
    const silent = createServer((socket) => socket.resume().on("error", () => {}));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const { code, stderr, ms } = await redoubt(["ping", "--timeout", "100000", `redis://127.0.0.1:${port}`], {
      meanwhile: async (pid) => {
        await once(silent, "connection", { signal: AbortSignal.timeout(40_000) });
        process.kill(pid, "SIGINT");
      },
    });
    silent.close();
    expect(stderr).toBe("Interrupted.\n");
    expect(code).toBe(130);
    expect(ms).toBeLessThan(50_000);
  });

  test("while waiting for stdin", async () => {
    const { code, stderr } = await redoubt(["uri", "-"], {
      stdin: "open",
      meanwhile: async (pid) => {
        await reads(pid);
        process.kill(pid, "SIGINT");
      },
    });
    expect(stderr).toBe("Interrupted.\n");
    expect(code).toBe(130);
  });
});

/** Waits until a program waits for its stdin, which only Linux shows from outside: one of its epolls has it. */
async function reads(pid: number): Promise<void> {
  if (process.platform !== "linux") return sleep(5000);
  const waits = (fd: string): boolean => {
    try {
      return /^tfd: +0 /m.test(readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8"));
    } catch {
      return false;
    }
  };
  await expect.poll(() => readdirSync(`/proc/${pid}/fdinfo`).some(waits)).toBe(true);
}
