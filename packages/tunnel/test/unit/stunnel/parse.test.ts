import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { globalOptions } from "../../../src/stunnel/options/global-options.ts";
import { serviceOptions } from "../../../src/stunnel/options/service-options.ts";
import { parseFile, parseText } from "../../../src/stunnel/parse.ts";
import { resolve } from "../../../src/stunnel/resolve.ts";

const folder = mkdtempSync(join(tmpdir(), "redoubt-stunnel-parse-"));
afterAll(() => rmSync(folder, { recursive: true }));

const minimal = "[r]\nclient = yes\naccept = 127.0.0.1:6380\nconnect = 127.0.0.1:6379\n";

function messages(text: string): string[] {
  return resolve(parseText(text, "f")).problems.map(({ code, message }) => `${code} ${message}`);
}

function only(text: string) {
  const { configuration, problems } = resolve(parseText(text, "f"));
  expect(problems).toEqual([]);
  const [service] = configuration.services;
  if (service === undefined) throw new Error("no section");
  return service;
}

describe("the grammar of stunnel 5.68", () => {
  test.each([
    [
      "comments of both kinds, empty lines, blanks and tabs",
      `; x\n# y\n\n\t[r]\t\n\tclient\t=\tyes\t\n accept=127.0.0.1:1\nconnect=127.0.0.1:2`,
    ],
    ["Windows line ends", minimal.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${minimal}`],
    [
      "names and words in any case",
      "[r]\nCLIENT = Yes\nAccept = 127.0.0.1:1\nCONNECT = 127.0.0.1:2\nsslversion = tlsv1.2\noptions = no_tlsv1",
    ],
    ["no blank around =", "[r]\nclient=yes\naccept=127.0.0.1:1\nconnect=127.0.0.1:2"],
    ["a name of a section with blanks", minimal.replace("[r]", "[ a b ]")],
    ["values that contain =", `${minimal}sni = a=b`],
  ])("%s", (_, text) => {
    expect(messages(text)).toEqual([]);
  });

  test("options under their older names, and switches that are off anyway", () => {
    const lines =
      "session = 60\ncurve = P-256\nOCSPaia = no\nsslVersionMin = SSLv3\nservice = x\nretry = 500\nCAfile =\n";
    const { tls, files } = only(
      `${minimal}${lines}socket = l:SO_REUSEADDR=yes\noptions = SAFARI_ECDHE_ECDSA_BUG\n`,
    );
    expect(tls).toMatchObject({ sessionLife: 60, curves: "P-256", minVersion: "TLSv1" });
    expect(files.ca).toBe(null);
  });

  test("a connection begins with what is set on the socket that accepts it", () => {
    const accepting = "socket = a:SO_KEEPALIVE=1\nsocket = a:TCP_KEEPIDLE=9\nsocket = a:TCP_NODELAY=0\n";
    expect(only(minimal + accepting).local).toEqual({ noDelay: true, keepAlive: true, keepIdle: 9 });
    expect(only(`${minimal}${accepting}socket = l:SO_KEEPALIVE=0`).local.keepAlive).toBe(false);
    expect(only(minimal + accepting).remote.keepAlive).toBe(false);
  });

  test("the system's log is written to in the background, and where it is asked for", () => {
    const syslog = (text: string) => resolve(parseText(text, "f")).configuration.process.syslog;
    expect(syslog(minimal)).toBe(true);
    expect(syslog(`foreground = yes\n${minimal}`)).toBe(false);
    expect(syslog(`foreground = yes\nsyslog = yes\n${minimal}`)).toBe(true);
    expect(syslog(`syslog = no\n${minimal}`)).toBe(false);
  });

  test("the last line of an option counts, and a section may undo a default", () => {
    const text = `client = yes\nTIMEOUTidle = 5\n${minimal}TIMEOUTidle = 6\nTIMEOUTidle = 7`;
    expect(only(text).idleLimit).toBe(7000);
    const server = "client = yes\n[s]\nclient = no\ncert = c.pem\naccept = 1\nconnect = 2";
    expect(only(server).client).toBe(false);
  });

  test("defaults reach sections that follow, and connect lines add up", () => {
    const { configuration } = resolve(
      parseText(
        "client = yes\ndebug = 7\nconnect = 127.0.0.1:1\n[a]\naccept = 2\n[b]\naccept = 3\nconnect = 127.0.0.1:4\ndebug = 4",
        "f",
      ),
    );
    expect(configuration.services.map(({ connect, debug }) => ({ connect, debug }))).toEqual([
      { connect: [{ host: "127.0.0.1", port: 1 }], debug: 7 },
      {
        connect: [
          { host: "127.0.0.1", port: 1 },
          { host: "127.0.0.1", port: 4 },
        ],
        debug: 4,
      },
    ]);
  });

  test("one name for two sections makes two sections", () => {
    const text = `${minimal}[r]\nclient = yes\naccept = 127.0.0.1:6381\nconnect = 127.0.0.1:6379`;
    expect(resolve(parseText(text, "f")).configuration.services.map(({ name }) => name)).toEqual(["r", "r"]);
    expect(messages(text)).toEqual([]);
  });

  test("include takes every file of a directory by name, each going on where the one before ended", () => {
    const parts = join(folder, "parts");
    mkdirSync(join(parts, "deeper"), { recursive: true });
    writeFileSync(join(parts, "10-b.conf"), "[b]\naccept = 2\nconnect = 127.0.0.1:2\n");
    writeFileSync(join(parts, "20-more.conf"), "TIMEOUTidle = 9\n");
    writeFileSync(join(parts, ".hidden"), "[hidden]\naccept = 1\nconnect = 127.0.0.1:2\n");
    writeFileSync(join(parts, "deeper", "x.conf"), "[never]\n");
    symlinkSync(join(parts, "20-more.conf"), join(parts, "30-link.conf"));
    const main = join(folder, "main.conf");
    writeFileSync(main, `client = yes\ninclude = ${parts}\ndelay = yes\n`);
    const { configuration, problems } = resolve(parseFile(main));
    expect(problems).toEqual([]);
    expect(configuration.services.map(({ name, idleLimit, delay }) => [name, idleLimit, delay])).toEqual([
      ["hidden", 43_200_000, false],
      ["b", 9000, true],
    ]);
    expect(configuration.files).toHaveLength(5);
  });

  test("directories that include themselves are found", () => {
    const parts = join(folder, "circle");
    mkdirSync(parts);
    const main = join(parts, "a.conf");
    writeFileSync(main, `include = ${parts}\n`);
    expect(resolve(parseFile(main)).problems[0]?.message).toContain("Files include each other without end");
  });
});

describe("addresses", () => {
  test.each([
    ["6380", { host: "0.0.0.0", port: 6380 }],
    ["127.0.0.1:6380", { host: "127.0.0.1", port: 6380 }],
    ["localhost:6380", { host: "localhost", port: 6380 }],
    [":::6380", { host: "::", port: 6380 }],
    ["::1:6380", { host: "::1", port: 6380 }],
    ["[::1]:6380", { host: "::1", port: 6380 }],
    ["/run/redis.sock", { path: "/run/redis.sock" }],
    ["127.0.0.1:http", { host: "127.0.0.1", port: 80 }],
  ])("accept = %s", (text, endpoint) => {
    expect(only(minimal.replace("127.0.0.1:6380", text)).accept[0]?.endpoint).toEqual(endpoint);
  });

  test("connect without a host means localhost", () => {
    expect(only(minimal.replace("127.0.0.1:6379", "6379")).connect).toEqual([
      { host: "localhost", port: 6379 },
    ]);
  });

  test.each([
    "99999",
    "127.0.0.1:65536",
    "127.0.0.1:-1",
    "10.0.0.300:1",
    "a b:1",
    ":6379",
    "cache.example.com",
    "x:nosuchservice",
    "",
  ])("accept = %s is refused", (text) => {
    expect(messages(minimal.replace("127.0.0.1:6380", text))[0]).toMatch(/^CONFIG_INVALID_VALUE f:3: /);
  });
});

describe("what is wrong is named with its place", () => {
  // The texts are stunnel's own where it has one: users search for them.
  test.each([
    ["hello", "CONFIG_SYNTAX f:5: \"hello\": No '=' found"],
    ["[r] ; x", "CONFIG_SYNTAX f:5: \"[r] ; x\": No '=' found"],
    ["nix = 1", 'CONFIG_UNKNOWN_KEY f:5: "nix = 1": Specified option name is not valid here'],
    ["pid = /x", 'CONFIG_UNKNOWN_KEY f:5: "pid = /x": Specified option name is not valid here'],
    ["= x", 'CONFIG_UNKNOWN_KEY f:5: "= x": Specified option name is not valid here'],
    ["OCSPaia = yes", 'CONFIG_INVALID_VALUE f:5: "OCSPaia = yes": OCSPaia = yes is not supported'],
    ["exec = /bin/cat", 'CONFIG_UNSUPPORTED f:5: "exec = /bin/cat": exec is not supported'],
    [
      "delay = true",
      "CONFIG_INVALID_VALUE f:5: \"delay = true\": The argument needs to be either 'yes' or 'no'",
    ],
    [
      "delay = yes ; x",
      "CONFIG_INVALID_VALUE f:5: \"delay = yes ; x\": The argument needs to be either 'yes' or 'no'",
    ],
    [
      "failover = x",
      "CONFIG_INVALID_VALUE f:5: \"failover = x\": The argument needs to be either 'rr' or 'prio'",
    ],
    ["TIMEOUTidle = -1", 'CONFIG_INVALID_VALUE f:5: "TIMEOUTidle = -1": Illegal idle timeout'],
    ["TIMEOUTidle = 0", 'CONFIG_INVALID_VALUE f:5: "TIMEOUTidle = 0": Illegal idle timeout'],
    ["TIMEOUTclose = 1.5", 'CONFIG_INVALID_VALUE f:5: "TIMEOUTclose = 1.5": Illegal close timeout'],
    ["TIMEOUTbusy = 10s", 'CONFIG_INVALID_VALUE f:5: "TIMEOUTbusy = 10s": Illegal busy timeout'],
    ["TIMEOUTconnect = 0x10", 'CONFIG_INVALID_VALUE f:5: "TIMEOUTconnect = 0x10": Illegal connect timeout'],
    ["debug = 8", 'CONFIG_INVALID_VALUE f:5: "debug = 8": Illegal debug level'],
    ["debug = local0.info", 'CONFIG_INVALID_VALUE f:5: "debug = local0.info": Illegal debug level'],
    ["verify = 5", 'CONFIG_INVALID_VALUE f:5: "verify = 5": Bad verify level'],
    [
      "verify = 2",
      'CONFIG_MISSING f:1: "[r]": Service [r]: Either "CAengine", "CAfile" or "CApath" has to be configured',
    ],
    [
      "checkHost = a",
      'CONFIG_INSECURE f:5: "checkHost = a": Either "verifyChain" or "verifyPeer" has to be enabled',
    ],
    ["checkIP = zzz", 'CONFIG_INVALID_VALUE f:5: "checkIP = zzz": "zzz" is no IP address'],
    ["sslVersion = TLSv9", 'CONFIG_INVALID_VALUE f:5: "sslVersion = TLSv9": Invalid protocol version'],
    [
      "sslVersion = SSLv3",
      'CONFIG_INVALID_VALUE f:5: "sslVersion = SSLv3": This protocol version is broken, and OpenSSL no longer has it',
    ],
    ["options = NO_NOTHING", 'CONFIG_INVALID_VALUE f:5: "options = NO_NOTHING": Illegal TLS option'],
    [
      "options = NO_SSLv2,NO_SSLv3",
      'CONFIG_INVALID_VALUE f:5: "options = NO_SSLv2,NO_SSLv3": Illegal TLS option',
    ],
    ["securityLevel = 9", 'CONFIG_INVALID_VALUE f:5: "securityLevel = 9": Illegal security level'],
    [
      "socket = z:TCP_NODELAY=1",
      'CONFIG_INVALID_VALUE f:5: "socket = z:TCP_NODELAY=1": Illegal socket option',
    ],
    ["socket = l:NIX=1", 'CONFIG_INVALID_VALUE f:5: "socket = l:NIX=1": Illegal socket option'],
    [
      "socket = l:SO_LINGER=1:60",
      'CONFIG_INVALID_VALUE f:5: "socket = l:SO_LINGER=1:60": The socket option SO_LINGER cannot be set here',
    ],
    ["protocol = smtp", 'CONFIG_INVALID_VALUE f:5: "protocol = smtp": Protocol not supported'],
    [
      "logId = x",
      "CONFIG_INVALID_VALUE f:5: \"logId = x\": The argument needs to be either 'sequential', 'unique', 'thread' or 'process'",
    ],
    ["libwrap = yes", 'CONFIG_INVALID_VALUE f:5: "libwrap = yes": libwrap = yes is not supported'],
    [
      "transparent = source",
      'CONFIG_INVALID_VALUE f:5: "transparent = source": Transparent proxying is not supported',
    ],
    ["setuid = no-such-user", 'CONFIG_INVALID_VALUE f:5: "setuid = no-such-user": Illegal UID'],
    ["client = no", 'CONFIG_MISSING f:1: "[r]": Service [r]: TLS server needs a certificate'],
    ["include = /nix", 'CONFIG_FILE f:5: "include = /nix": Failed to include directory'],
    [
      "ticketKeySecret = 00ff",
      'CONFIG_UNSUPPORTED f:5: "ticketKeySecret = …": ticketKeySecret is not supported',
    ],
    ["OCSP = http://ocsp.test", 'CONFIG_UNSUPPORTED f:5: "OCSP = http://ocsp.test": OCSP is not supported'],
    ["cert =", 'CONFIG_INVALID_VALUE f:5: "cert =": The file is empty'],
  ])("%s", (line, expected) => {
    expect(messages(minimal + line)).toContain(expected);
  });

  test.each([
    ["debug = loud", "Illegal debug level"],
    ["debug = nofac.info", "Illegal syslog facility"],
    ["fips = yes", "FIPS mode is not available"],
    ["foreground = maybe", "The argument needs to be either 'yes', 'quiet' or 'no'"],
    ["log = foo", "The argument needs to be either 'append' or 'overwrite'"],
    ["setgid = no-such-group", "Illegal GID"],
    ["chroot = /jail", "chroot is not supported"],
    ["compression = zlib", "compression is not supported"],
  ])("before the sections: %s", (line, expected) => {
    expect(messages(`${line}\n${minimal}`)[0]).toContain(`f:1: "${line}": ${expected}`);
  });

  test("every mistake of a file, in the order of its lines", () => {
    const lines = messages(`x = 1\n${minimal}y = 2\n[s]\nnonsense\n`).map(
      (each) => /f:(\d+)/.exec(each)?.[1],
    );
    expect(lines).toEqual(["1", "6", "8", "7", "7"]);
  });

  test("a name that is nearly right is guessed", () => {
    const [problem] = resolve(parseText(`${minimal}verifychian = yes`, "f")).problems;
    expect(problem?.hint).toBe("Did you mean verifyChain?");
  });

  test("a version range upside down, two sections on one port, a section that nobody named", () => {
    expect(messages(`${minimal}sslVersionMin = TLSv1.3\nsslVersionMax = TLSv1.2`)[0]).toContain(
      "Invalid protocol version range",
    );
    expect(messages(`${minimal}${minimal.replace("[r]", "[s]")}`)[0]).toContain(
      'f:7: "accept = 127.0.0.1:6380": Binding service [s] failed',
    );
    expect(messages("[s]\ncert = c\nsni = nobody:*.x\nconnect = 1")[0]).toContain(
      'SNI service name not found: "nobody"',
    );
    expect(messages("[s]\ncert = c\nsni = x\nconnect = 1")[0]).toContain("Invalid SNI parameter format");
    expect(messages("")[0]).toContain("The file has no section");
    expect(messages("[r]\nclient = yes\nconnect = 1")[0]).toContain("Each service must define two endpoints");
  });

  test("a file that is not there", () => {
    expect(() => parseFile(join(folder, "nix.conf"))).toThrow(
      /Invalid configuration file name ".*nix\.conf": it does not exist/,
    );
  });
});

describe("verification, line by line", () => {
  test.each([
    ["", { chain: false, peer: false, requested: false }],
    ["verify = 0", { chain: false, peer: false, requested: true }],
    ["verify = 1", { chain: true, peer: false, required: false }],
    ["verify = 2", { chain: true, peer: false, required: true }],
    ["verify = 3", { chain: true, peer: true, required: true }],
    ["verify = 4", { chain: false, peer: true, required: true }],
    ["verifyChain = no\nverify = 2", { chain: true }],
    ["verify = 2\nverifyChain = no", { chain: false }],
    ["verifyChain = yes\nverifyPeer = yes", { chain: true, peer: true, required: true }],
  ])("%s", (lines, expected) => {
    expect(only(`${minimal}CAfile = ca.pem\n${lines}`).verification).toMatchObject(expected);
  });
});

describe("names to ask for", () => {
  test.each([
    ["redis.example.com:1", "", "redis.example.com"],
    ["10.0.0.1:1", "", null],
    ["10.0.0.1:1", "sni = a.example", "a.example"],
    ["redis.example.com:1", "sni =", null],
    ["/run/x.sock", "", null],
  ])("connect = %s, %s", (connect, line, expected) => {
    expect(only(`${minimal.replace("127.0.0.1:6379", connect)}${line}`).servername).toBe(expected);
  });
});

describe("properties", () => {
  const names = [...Object.keys(globalOptions), ...Object.keys(serviceOptions), "exec", "nix"];
  const line = fc.oneof(
    fc.string(),
    fc.constant("[x]"),
    fc
      .tuple(
        fc.constantFrom(...names),
        fc.oneof(fc.string(), fc.constantFrom("yes", "no", "1", "127.0.0.1:1")),
      )
      .map(([name, value]) => `${name} = ${value}`),
  );

  test("no text makes the parser throw, and every problem has a place", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const { problems } = resolve(
          parseText(lines.filter((each) => !/^\s*include/i.test(each)).join("\n"), "f"),
        );
        for (const { message, hint } of problems) {
          expect(message).toMatch(/^f:\d+: "/);
          expect(hint).not.toBe("");
        }
      }),
      { numRuns: 500 },
    );
  });
});
