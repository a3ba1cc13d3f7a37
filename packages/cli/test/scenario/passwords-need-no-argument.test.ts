import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute, program, redoubt } from "./redoubt.ts";

// What shells, regular expressions and URLs would trip over.
const password = "päss$& `wörd'=%2F+";

let server: RedisServer;
let bare: string;

beforeAll(async () => {
  server = await startServer({ password });
  bare = server.uri.replace(/\/\/[^@]*@/, "//");
});

afterAll(() => server.stop());

describe("the password comes from", () => {
  test("stdin, with or without a line end", async () => {
    for (const end of ["", "\n", "\r\n"]) {
      const { code, stdout } = await redoubt(["ping", "--json", "--password-stdin", bare], {
        stdin: password + end,
      });
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, target: { password: "*****" } });
      expect(code).toBe(0);
    }
  });

  test.each(["REDOUBT_PASSWORD", "REDISCLI_AUTH"])("the environment: %s", async (name) => {
    const { code, stdout, stderr } = await redoubt(["ping", bare], { environment: { [name]: password } });
    expect(stdout).toContain("PONG");
    expect(stderr).toBe(`The password comes from ${name}.\n`);
    expect(code).toBe(0);
  });

  test("the string before the environment, and stdin before both", async () => {
    const environment = { REDOUBT_PASSWORD: "wrong password" };
    expect((await redoubt(["ping", server.uri], { environment })).code).toBe(0);
    expect((await redoubt(["ping", "--password-stdin", server.uri], { stdin: "wrong password" })).code).toBe(
      6,
    );
  });
});

test("an empty stdin is an error", async () => {
  const { code, stderr } = await redoubt(["ping", "--password-stdin", bare]);
  expect(stderr).toContain("CONFIG_MISSING");
  expect(code).toBe(2);
});

test("nobody is asked without a terminal", async () => {
  const { code, stderr } = await redoubt(["ping", bare]);
  expect(stderr).toContain("AUTH_REQUIRED");
  expect(code).toBe(6);
});

// `script` of util-linux lends a terminal; other systems' `script` has other options.
describe.runIf(process.platform === "linux")("on a terminal", () => {
  const onTerminal = (words: string[], answer = "") => {
    const line = [process.execPath, program, ...words].map(quote).join(" ");
    // A terminal that nobody has sized has no columns, and a question would break after each letter.
    return execute("script", ["-qec", `stty cols 120 rows 40; exec ${line}`, "/dev/null"], {
      answer: { to: "Password of", with: answer },
      environment: { TERM: "xterm" },
    });
  };

  test("the password is asked for, and not shown", async () => {
    const { code, stdout } = await onTerminal(["ping", bare], `${password}\r`);
    expect(stdout).toContain("Password of the default user");
    expect(stdout).toContain("PONG");
    expect(stdout).not.toContain(password);
    expect(code).toBe(0);
  });

  test("Ctrl-C at the question ends with 130", async () => {
    const { code, stdout } = await onTerminal(["ping", bare], "\u0003");
    expect(stdout).toContain("Interrupted.");
    expect(code).toBe(130);
  });

  test("a password in an argument is remarked on, once", async () => {
    const { stdout } = await onTerminal(["ping", server.uri]);
    expect(stdout.match(/shell's history/g)).toHaveLength(1);
  });
});

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
