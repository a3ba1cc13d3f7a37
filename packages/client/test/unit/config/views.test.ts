import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { resolveSettings } from "../../../src/client/options.ts";
import { describeTarget } from "../../../src/config/describe.ts";
import { format } from "../../../src/config/format.ts";
import { lint } from "../../../src/config/lint.ts";
import { nearestName } from "../../../src/config/nearest.ts";
import { parse } from "../../../src/config/parse.ts";
import { providerOf } from "../../../src/config/providers/registry.ts";
import { RedoubtError } from "../../../src/errors.ts";

const azure = "contoso.redis.cache.windows.net:6380,password=k+/9w=,ssl=True,abortConnect=False";

describe("describeTarget", () => {
  test("gives the schema, absent things null", () => {
    expect(describeTarget(parse("h"))).toEqual({
      dialect: "stackexchange",
      endpoints: [{ host: "h", port: 6379 }],
      tls: { enabled: false, servername: "h", minVersion: null, maxVersion: null, verify: "full" },
      username: null,
      password: null,
      database: null,
      clientName: null,
      sentinel: null,
      timeouts: { connectMs: null, commandMs: null },
      provider: null,
      warnings: [],
    });
  });

  test("masks the password unless told to reveal it", () => {
    expect(describeTarget(parse(azure)).password).toBe("*****");
    expect(describeTarget(parse(azure), { reveal: true }).password).toBe("k+/9w=");
    expect(describeTarget(parse(azure)).provider).toBe("azure-cache");
  });
});

describe("format", () => {
  test.each([
    ["url", "rediss://:k%2B%2F9w%3D@contoso.redis.cache.windows.net:6380"],
    ["servicestack", "contoso.redis.cache.windows.net:6380?password=k%2B%2F9w%3D&ssl=true"],
    ["stackexchange", "contoso.redis.cache.windows.net:6380,password=k+/9w=,ssl=True,abortConnect=False"],
    [
      "redis-cli",
      "redis-cli -h contoso.redis.cache.windows.net -p 6380 -a k+/9w= --tls --sni contoso.redis.cache.windows.net",
    ],
  ] as const)("Azure's string as %s", (dialect, text) => {
    expect(format(parse(azure), dialect, { reveal: true })).toBe(text);
  });

  test("secrets are masked unless told to reveal them", () => {
    expect(format(parse(azure), "url")).toBe("rediss://:*****@contoso.redis.cache.windows.net:6380");
    expect(format(parse("h:1,password=p"), "env")).toBe(
      "REDIS_URL=redis://:*****@h:1\nREDIS_HOST=h\nREDIS_PORT=1\nREDIS_PASSWORD=*****\nREDIS_TLS=false",
    );
  });

  test("the options of ioredis and node-redis are JavaScript that means the same", () => {
    const target = parse(
      "rediss://u:p'\"@h:6380/2?clientname=c&connecttimeout=5&commandtimeout=6&servername=n",
    );
    const evaluate = (text: string): unknown => JSON.parse(JSON.stringify(runInNewContext(`(${text})`)));
    expect(evaluate(format(target, "ioredis", { reveal: true }))).toEqual({
      host: "h",
      port: 6380,
      username: "u",
      password: "p'\"",
      db: 2,
      connectionName: "c",
      tls: { servername: "n" },
      connectTimeout: 5,
      commandTimeout: 6,
    });
    expect(evaluate(format(target, "node-redis", { reveal: true }))).toEqual({
      socket: { host: "h", port: 6380, tls: true, servername: "n", connectTimeout: 5 },
      username: "u",
      password: "p'\"",
      database: 2,
      name: "c",
      commandOptions: { timeout: 6 },
    });
    expect(format(parse("rediss://h?sslrootcert=ca.pem"), "ioredis")).toContain('ca: readFileSync("ca.pem")');
    expect(evaluate(format(parse("a,b,serviceName=m,ssl=true"), "ioredis"))).toEqual({
      sentinels: [
        { host: "a", port: 26_379 },
        { host: "b", port: 26_379 },
      ],
      name: "m",
      enableTLSForSentinelMode: true,
      sentinelTLS: {},
      tls: {},
    });
  });

  test("stunnel verifies chain and name", () => {
    expect(
      format(parse("rediss://:p@10.0.0.1:6380?servername=n.example&sslrootcert=/ca.pem"), "stunnel").split(
        "\n",
      ),
    ).toEqual([
      "[redis]",
      "client = yes",
      "accept = 127.0.0.1:6379",
      "connect = 10.0.0.1:6380",
      "delay = yes",
      "sni = n.example",
      "verifyChain = yes",
      "CAfile = /ca.pem",
      "checkHost = n.example",
      "sslVersionMin = TLSv1.2",
    ]);
  });
});

describe("plain text to a provider that offers TLS", () => {
  test.each([
    "redis://:p@contoso.redis.cache.windows.net:6379",
    "contoso.redis.azure.net:10000,ssl=false",
    "redis-cli -h x.aivencloud.com -p 1234",
  ])("%s is warned of", (text) => {
    const { tls, warnings } = parse(text);
    expect(tls.enabled).toBe(false);
    expect(warnings.map(({ code }) => code)).toContain("plain-text-on-managed");
  });

  test.each([
    ["redis://:secret@contoso.redis.cache.windows.net:6380", 16],
    ["redis://default:secret@eu1.upstash.io:6379", 23],
    ["redis-cli -h eu1.upstash.io -p 6380 -a secret", 13],
    ["contoso.redis.cache.windows.net:6380,ssl=False,password=secret", 41],
    ["secret@contoso.redis.cache.windows.net:6380?ssl=false", 48],
  ])("%s is refused: nothing but TLS is spoken there", (text, position) => {
    let error = new RedoubtError("CONFIG_SYNTAX", "it was not refused");
    try {
      parse(text);
    } catch (reason) {
      error = reason as RedoubtError;
    }
    expect(error).toMatchObject({ code: "CONFIG_INSECURE", hint: expect.stringContaining("rediss://") });
    expect(error.message).toMatch(/speaks only TLS on port \d+, and the connection would be plain text/);
    expect([error.position, error.message.includes("secret")]).toEqual([position, false]);
  });

  test("is refused as well when it is said in code, and is not written", () => {
    const socket = { host: "contoso.redis.cache.windows.net", port: 6380 };
    const options = { url: "redis://:secret@localhost", socket };
    const insecure = expect.objectContaining({ code: "CONFIG_INSECURE" });
    expect(() => resolveSettings(options, { name: "n", version: "v" })).toThrow(insecure);
    expect(
      resolveSettings({ ...options, socket: { ...socket, tls: true } }, { name: "n", version: "v" }),
    ).toMatchObject({ target: { tls: { enabled: true } } });
    const target = { ...parse("redis://:secret@localhost"), endpoints: [socket] };
    expect(() => format(target, "url")).toThrow(insecure);
  });
});

describe("lint", () => {
  const codes = (text: string) => lint(text).map(({ code }) => code);

  test.each([
    ["redis://:p@h.example", "plain-text"],
    ["contoso.redis.cache.windows.net:6379,password=p", "plain-text-on-managed"],
    ["contoso.redis.cache.windows.net:6379,password=p,ssl=true", "tls-on-plain-port"],
    ["contoso.redis.azure.net,password=p", "wrong-port"],
    ["rediss://:p@contoso.redis.cache.windows.net", "provider-note"],
    ["rediss://h", "no-password"],
    ["rediss://:p@10.0.0.1", "no-servername"],
    ["rediss://:p@h?ssl_min_protocol_version=TLSv1.1", "old-tls-version"],
    ["rediss://:a+b@h", "password-differs-elsewhere"],
    ["pw@h:1?ssl=true&sslprotocols=", "empty-value"],
  ])("%s: %s", (text, code) => {
    expect(codes(text)).toContain(code);
  });

  test("a sound string has no findings", () => {
    expect(lint("rediss://u:p@cache.example:6380/0")).toEqual([]);
    expect(lint("redis://:p@localhost")).toEqual([]);
  });

  test("the gravest finding is first, and each has a fix", () => {
    const findings = lint("contoso.redis.cache.windows.net");
    expect(findings[0]?.severity).toBe("error");
    for (const { fix, message } of findings) expect(`${fix}${message}`).not.toBe("");
    expect(findings.map(({ message }) => message).join(" ")).toContain("2028-09-30");
  });
});

describe("providers", () => {
  test.each([
    ["x.redis.cache.windows.net", "azure-cache"],
    ["X.REDIS.CACHE.chinacloudapi.cn", "azure-cache"],
    ["x.eastus.redisenterprise.cache.azure.net", "azure-managed-redis"],
    ["x.eastus.redis.azure.net.", "azure-managed-redis"],
    ["redis-1.p.aivencloud.com", "aiven"],
    ["master.x.abc.use1.cache.amazonaws.com", "elasticache"],
    ["eu1-x-1.upstash.io", "upstash"],
    ["redis-1.c1.eu-west-1-3.ec2.redns.redis-cloud.com", "redis-cloud"],
    ["x.redis.azure.net.evil.example", undefined],
    ["redis.azure.net", undefined],
  ])("%s: %s", (host, name) => {
    expect(providerOf([host])?.name).toBe(name);
  });
});

test("nearest name", () => {
  expect(nearestName("SslRotCert", ["sslcert", "sslrootcert"])).toBe("sslrootcert");
  expect(nearestName("flibble", ["sslcert"])).toBeNull();
});
