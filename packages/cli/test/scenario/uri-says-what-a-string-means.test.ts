import { describe, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

async function json(words: string[], stdin = "") {
  const { code, stdout, stderr } = await redoubt(words, { stdin });
  return { code, stderr, value: JSON.parse(stdout) };
}

const schema = [
  "clientName",
  "database",
  "dialect",
  "endpoints",
  "password",
  "provider",
  "sentinel",
  "timeouts",
  "tls",
  "username",
  "warnings",
];

describe("--json prints the target", () => {
  test("with every key there, absent things null, the password masked", async () => {
    const { code, value } = await json(["uri", "host:6380,password=abc=,ssl=True", "--json"]);
    expect(Object.keys(value).sort()).toEqual(schema);
    expect(value).toMatchObject({
      dialect: "stackexchange",
      endpoints: [{ host: "host", port: 6380 }],
      tls: { enabled: true, servername: "host", minVersion: null, maxVersion: null, verify: "full" },
      username: null,
      password: "*****",
      clientName: null,
      sentinel: null,
      provider: null,
      warnings: expect.any(Array),
    });
    expect(Object.keys(value.timeouts).sort()).toEqual(["commandMs", "connectMs"]);
    expect(code).toBe(0);
  });

  test("the password with --reveal, whatever its characters", async () => {
    for (const password of ["abc=", "a b", "ü%+@:/?#[]&'\"`$", "-h", "\\n"]) {
      const url = `rediss://:${encodeURIComponent(password)}@host`;
      const { value } = await json(["uri", "--json", "--reveal", url]);
      expect(value.password).toBe(password);
    }
  });

  test("a Unix socket as host with port 0", async () => {
    const { value } = await json(["uri", "--json", "unix:///run/redis.sock"]);
    expect(value).toMatchObject({
      endpoints: [{ host: "/run/redis.sock", port: 0 }],
      tls: { enabled: false },
    });
  });

  test("Sentinels", async () => {
    const { value } = await json(["uri", "--json", "one:26379,two:26379,serviceName=mymaster"]);
    expect(value).toMatchObject({
      sentinel: { masterName: "mymaster" },
      endpoints: [
        { host: "one", port: 26379 },
        { host: "two", port: 26379 },
      ],
    });
  });

  test("a refused string as an error with its position, exit code 2", async () => {
    const { code, value } = await json(["uri", "--json", "host:6380,pasword=abc"]);
    expect(value).toEqual({
      error: {
        code: "CONFIG_UNKNOWN_KEY",
        message: expect.stringContaining("password"),
        position: 10,
        hint: expect.any(String),
      },
    });
    expect(code).toBe(2);
  });
});

test("a person reads a description, and warnings on stderr", async () => {
  const { code, stdout } = await redoubt([
    "uri",
    "cache.redis.cache.windows.net:6380,password=abc=,ssl=True",
  ]);
  expect(stdout).toMatch(/^ {2}dialect +stackexchange$/m);
  expect(stdout).toMatch(/^ {2}endpoint +cache\.redis\.cache\.windows\.net:6380$/m);
  expect(stdout).toMatch(/^ {2}tls +on, from TLSv1\.2/m);
  expect(stdout).toMatch(/^ {2}password +\*\*\*\*\*$/m);
  expect(stdout).toMatch(/^ {2}provider +azure-cache$/m);
  expect(stdout).not.toContain("abc");
  expect(code).toBe(0);
});

test("--from reads the string as that dialect and no other", async () => {
  expect((await json(["uri", "--json", "--from", "stackexchange", "host:6380"])).value.dialect).toBe(
    "stackexchange",
  );
  expect((await json(["uri", "--json", "--from", "servicestack", "host:6380"])).value.dialect).toBe(
    "servicestack",
  );
  for (const words of [["host:6380,ssl=true"], [], ["--", "-h", "host"]]) {
    const { code, stderr } = await redoubt(["uri", "--from", "url", ...words]);
    expect(stderr).toMatch(/^CONFIG_/);
    expect(code).toBe(2);
  }
});

describe("--to converts", () => {
  const source = "rediss://user:s%3Dcret%20pass@cache.example.com:6380/2";

  test.each(["url", "servicestack", "stackexchange", "redis-cli", "env"])(
    "to %s and back",
    async (dialect) => {
      const { code, stdout } = await redoubt(["uri", "--to", dialect, "--reveal", source]);
      expect(code).toBe(0);
      const { value } = await json(["uri", "--json", "--reveal", "--from", dialect, "-"], stdout);
      expect(value).toMatchObject({
        endpoints: [{ host: "cache.example.com", port: 6380 }],
        tls: { enabled: true, verify: "full" },
        username: "user",
        password: "s=cret pass",
        database: 2,
      });
    },
  );

  test.each(["ioredis", "node-redis", "stunnel"])("to %s, masked", async (format) => {
    const { code, stdout } = await redoubt(["uri", "--to", format, source]);
    expect(stdout).toContain("cache.example.com");
    expect(stdout).not.toContain("cret");
    expect(code).toBe(0);
  });

  test("as JSON with the target beside it", async () => {
    const { value } = await json(["uri", "--json", "--to", "url", source]);
    expect(Object.keys(value).sort()).toEqual(["target", "text", "to"]);
    expect(value.text).toMatch(/^rediss:\/\/user:.+@cache\.example\.com:6380\/2/);
    expect(Object.keys(value.target).sort()).toEqual(schema);
  });

  test("what a dialect cannot say is an error, exit code 2", async () => {
    const { code, stderr } = await redoubt([
      "uri",
      "--to",
      "stackexchange",
      "rediss://localhost?sslrootcert=ca.pem",
    ]);
    expect(stderr).toContain("CONFIG_NOT_EXPRESSIBLE");
    expect(code).toBe(2);
  });
});
