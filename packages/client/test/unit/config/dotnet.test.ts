import { describe, expect, test } from "vitest";
import { parse } from "../../../src/config/parse.ts";
import { meaningOf } from "./corpus.ts";

const meaning = (text: string) => meaningOf(parse(text));

/** Rules of the two .NET libraries beyond the vectors. */
describe("ServiceStack", () => {
  test.each([
    ["first@host?password=second", { password: "second" }],
    [
      "key==@name.redis.cache.windows.net?ssl=true",
      { endpoints: ["name.redis.cache.windows.net:6380"], tls: true, password: "key==" },
    ],
    ["host:6379?password=%e4", { password: "\uFFFD" }],
    ["host?ssl=true&ssl=false&db=1", { error: true }],
    ["host:1?ssl=&db=1", { error: true }],
    ["host:1?ssl=true&ssl=", { tls: true }],
    ["host:1?ssl&ssl=true", { tls: true }],
    ["pw@[::1]:6380?ssl=true", { endpoints: ["::1:6380"] }],
    ["host:1?receivetimeout=0", { commandMs: null }],
    ["host:6379?ssl=true&sslprotocols=15360", { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" }],
  ])("%s", (text, expected) => {
    if ("error" in expected)
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: "CONFIG_INSECURE" }));
    else expect(meaning(text)).toMatchObject(expected);
  });

  test("options are kept by their canonical names, in ms", () => {
    expect(parse("h:1?idletimeoutsecs=4&retrytimeout=5&sendtimeout=6&namespaceprefix=x%26").options).toEqual({
      idleTimeout: 4000,
      retryTimeout: 5,
      sendTimeout: 6,
      namespacePrefix: "x&",
    });
  });

  test.each(["slq", "tls", "user", "sslhost", "passwrd"])(
    "?%s= is refused, because it may have meant a weighty option",
    (key) => {
      expect(() => parse(`host?${key}=true`)).toThrow(
        expect.objectContaining({ code: "CONFIG_UNKNOWN_KEY", position: 5 }),
      );
    },
  );

  test("other unknown options are warned of", () => {
    expect(parse("host?poolsize=5").warnings).toEqual([
      { code: "unknown-option", message: expect.stringContaining("poolsize"), position: 5 },
    ]);
  });

  test("the same thing is said once", () => {
    expect(parse(`host?${"a=1&".repeat(1000)}`).warnings).toHaveLength(1);
  });

  test("the name before the colon is no user", () => {
    expect(parse("app:pw@host:1").warnings.map(({ code }) => code)).toEqual(["client-name-not-user"]);
  });
});

describe("StackExchange.Redis", () => {
  test.each([
    ["h,ssl=yes", { tls: true }],
    ["h , ssl = on , user = u ", { endpoints: ["h:6380"], tls: true, username: "u" }],
    ["h,password==x=", { password: "=x=" }],
    ["h,password=", { password: null }],
    ["h,asyncTimeout=7,syncTimeout=9000", { connectMs: 9000, commandMs: 7 }],
    ["h,connectTimeout=-1", { connectMs: null }],
    ["h,sslProtocols=None", { minVersion: null, maxVersion: null }],
    ["h:1,serviceName=m,user=u,password=p,sentinelPassword=", { sentinel: ["m", "u", null] }],
    ["10.0.0.1:1,h:2", { servername: "h" }],
    ["A.example:1,a.example:2", { servername: "A.example" }],
    ["h,name=my app", { clientName: "my app" }],
    ["::ffff:127.0.0.1", { endpoints: ["::ffff:127.0.0.1:6379"] }],
  ])("%s", (text, expected) => {
    expect(meaning(text)).toMatchObject(expected);
  });

  test("a hundred thousand hosts are read in no time", () => {
    const hosts = Array.from({ length: 100_000 }, (_, index) => `h${index}`);
    const started = performance.now();
    expect(parse(hosts.join(",")).endpoints).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("a host that appears again with its default port is one endpoint", () => {
    expect(meaning("h,h:6379").endpoints).toEqual(["h:6379"]);
  });

  test("every key of the list is typed and kept", () => {
    const { options, warnings } = parse(
      "h,abortConnect=False,allowAdmin=1,channelPrefix=a:,checkCertificateRevocation=no,configChannel=,configCheckSeconds=30," +
        "connectRetry=5,highIntegrity=true,keepAlive=180,proxy=2,protocol=resp3,resolveDns=true,setlib=off,tcpKeepAlive=0," +
        "tiebreaker=,tunnel=HTTP://Proxy:8080,version=7,writeBuffer=banana,$FLUSHALL=,$GET=FETCH,$SET=set",
    );
    expect(options).toEqual({
      abortConnect: false,
      allowAdmin: true,
      channelPrefix: "a:",
      checkCertificateRevocation: false,
      configChannel: "",
      configCheck: 30_000,
      connectRetry: 5,
      highIntegrity: true,
      keepAlive: 180_000,
      proxy: "Envoyproxy",
      protocol: 3,
      resolveDns: true,
      setLibrary: false,
      tcpKeepAlive: false,
      tieBreaker: "",
      tunnel: "http:proxy:8080",
      serverVersion: "7.0",
    });
    expect(warnings.map(({ code }) => code)).toEqual([
      "option-not-applied",
      "option-not-applied",
      "ignored-option",
      "option-not-applied",
      "option-not-applied",
    ]);
  });

  test("TLS versions with a hole become a range, old ones are warned of", () => {
    const { tls, warnings } = parse("h:1,ssl=true,sslProtocols=Tls|Tls12");
    expect(tls).toMatchObject({ minVersion: "TLSv1", maxVersion: "TLSv1.2" });
    expect(warnings.map(({ code }) => code)).toEqual(["tls-versions-with-gap", "old-tls-version"]);
  });

  test("options of TLS without TLS are warned of, as the library lets them be", () => {
    expect(parse("h,sslHost=x")).toMatchObject({
      tls: { enabled: false, servername: "x" },
      warnings: [{ code: "tls-options-unused" }],
    });
  });

  test("a key of another dialect is answered with the right one", () => {
    expect(() => parse("h,db=1")).toThrow("did you mean defaultDatabase?");
    expect(() => parse("h,username=u")).toThrow("did you mean user?");
  });
});
