import { describe, expect, test } from "vitest";
import { parse } from "../../../src/config/parse.ts";
import { meaningOf } from "./corpus.ts";

const meaning = (text: string) => meaningOf(parse(text, { from: "url" }));
const codes = (text: string) => parse(text).warnings.map(({ code }) => code);

describe("URL", () => {
  test.each([
    ["redis://h", { endpoints: ["h:6379"], tls: false, servername: "h" }],
    ["RedisS://h", { endpoints: ["h:6379"], tls: true }],
    ["valkeys://h:1/3", { endpoints: ["h:1"], tls: true, database: 3 }],
    ["rediss://u:p@[2001:DB8::1]:6380", { endpoints: ["2001:db8::1:6380"], servername: null, username: "u" }],
    ["rediss://u%40x:p%3A%2F%20@h", { username: "u@x", password: "p:/ " }],
    ["rediss://:ab+c/d=@h:1", { username: null, password: "ab+c/d=" }],
    ["rediss://:pa?s#s@h:1", { password: "pa?s#s", endpoints: ["h:1"] }],
    ["rediss://pw@h", { username: null, password: "pw" }],
    ["rediss://a:1,b:2,c", { endpoints: ["a:1", "b:2", "c:6379"], servername: null }],
    ["rediss://a:1,a:2", { servername: "a" }],
    [
      "redis://s1,s2?sentinel=m&sentinelpassword=x",
      { endpoints: ["s1:26379", "s2:26379"], sentinel: ["m", null, "x"] },
    ],
    ["rediss://c.redis.cache.windows.net", { endpoints: ["c.redis.cache.windows.net:6380"] }],
    ["rediss://c.redis.azure.net", { endpoints: ["c.redis.azure.net:10000"] }],
    ["redis://h?ssl=true&sslrootcert=ca.pem", { endpoints: ["h:6380"], tls: true }],
    ["unix:///run/redis.sock?db=2", { endpoints: ["!/run/redis.sock"], database: 2 }],
    ["rediss://h?sslprotocols=Tls12|Tls13", { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" }],
    ["rediss://h?connecttimeout=1500&commandtimeout=-1", { connectMs: 1500, commandMs: null }],
    ["  rediss://h:1  ", { endpoints: ["h:1"] }],
  ])("%s", (text, expected) => {
    expect(meaning(text)).toMatchObject(expected);
  });

  test("what is production says so", () => {
    expect(parse("rediss://h?production=true").options).toEqual({ production: true });
    expect(() => parse("rediss://h?production=maybe")).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID_VALUE" }),
    );
  });

  test("TLS parameters", () => {
    const { tls } = parse(
      `rediss://h?sslrootcert=%2Fca.pem&sslcert=c&sslkey=k&sslpassword=x&servername=n&sslmode=verify-ca&ciphers=A:B&sslpins=sha256/${"A".repeat(43)}=`,
    );
    expect({ ...tls, passphrase: tls.passphrase?.reveal() }).toEqual({
      enabled: true,
      servername: "n",
      minVersion: null,
      maxVersion: null,
      verify: "ca",
      caFile: "/ca.pem",
      certFile: "c",
      keyFile: "k",
      pfxFile: null,
      passphrase: "x",
      ciphers: "A:B",
      pins: [`${"A".repeat(43)}=`],
    });
  });

  test.each([
    ["rediss://h?ssl=false", "CONFIG_INSECURE", 11],
    ["redis://h?sslrootcert=ca.pem", "CONFIG_INSECURE", 22],
    ["redis://h?sslmode=verify-full", "CONFIG_INSECURE", 18],
    ["rediss://h?sslmode=require", "CONFIG_INSECURE", 19],
    ["rediss://h?rejectUnauthorized=false", "CONFIG_INSECURE", 11],
    ["rediss://h?insecure=true", "CONFIG_INSECURE", 11],
    ["rediss://h?ssl_cert_reqs=none", "CONFIG_INSECURE", 11],
    ["rediss://h?ssl", "CONFIG_INSECURE", 11],
    ["rediss://h?sslrotcert=x", "CONFIG_UNKNOWN_KEY", 11],
    ["rediss://h:0", "CONFIG_SYNTAX", 11],
    ["rediss://h:65536", "CONFIG_SYNTAX", 11],
    ["rediss://h/x", "CONFIG_INVALID_VALUE", 11],
    ["rediss://h/1?db=2", "CONFIG_AMBIGUOUS", 13],
    ["rediss://", "CONFIG_NO_ENDPOINT", 9],
    ["rediss://::1", "CONFIG_SYNTAX", 9],
    ["rediss://:%zz@h", "CONFIG_SYNTAX", 10],
    ["rediss://:%ff@h", "CONFIG_SYNTAX", 10],
    ["rediss://h#f", "CONFIG_SYNTAX", 10],
    ["rediss://h,password=p", "CONFIG_SYNTAX", 11],
    ["rediss://h?password=p@ss", "CONFIG_AMBIGUOUS", 21],
    ["rediss://h?connecttimeout=5s", "CONFIG_INVALID_VALUE", 26],
  ])("%s is refused with %s at %i", (text, code, position) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code, position }));
  });

  test("an unknown option names the nearest one", () => {
    expect(() => parse("rediss://h?sslrotcert=x")).toThrow("sslrootcert");
  });

  test("what others read differently is warned of", () => {
    expect(codes("rediss://token@h")).toEqual(["lone-token-is-password"]);
    expect(codes("rediss://:a+b@h")).toEqual(["password-differs-elsewhere"]);
    expect(codes("rediss://:a/b@h")).toEqual(["unencoded-character"]);
    expect(codes("rediss://u:p@h/0")).toEqual([]);
  });
});
