import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { type Authority, createAuthority, type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkStunnel } from "../../../src/stunnel/check.ts";
import { Stunnel } from "../../../src/stunnel/stunnel.ts";
import { type Client, cases, client, redis } from "./cases.ts";

// What an option does, held against the real stunnel: each case is a section, run by both programs in front of the same Redis.

const real = "/usr/bin/stunnel4";
const folder = mkdtempSync(join(tmpdir(), "rd-st-"));
const at = (name: string): string => join(folder, name);

let plainAndTls: RedisServer;
let mutual: RedisServer;
let stunnel: ChildProcess | null = null;
let ours: Stunnel | null = null;
const log: string[] = [];

beforeAll(async () => {
  const authority: Authority = await createAuthority();
  const other = await createAuthority("Another");
  plainAndTls = await startServer({ listen: "both", password: false, authority });
  mutual = await startServer({ password: false, authority, clientCertificates: "required" });
  const [serverSide, clientSide, stranger] = await Promise.all([
    authority.issue(),
    authority.issue({ names: ["client.test"] }),
    other.issue(),
  ]);
  for (const [name, { certificate, key }] of Object.entries({
    server: serverSide,
    client: clientSide,
    stranger,
  })) {
    writeFileSync(at(`${name}.pem`), certificate);
    writeFileSync(at(`${name}.key`), key, { mode: 0o600 });
  }
  const leaf = plainAndTls.certificate.certificate;
  writeFileSync(at("ca.pem"), authority.certificate);
  writeFileSync(at("other.pem"), other.certificate);
  writeFileSync(at("redis.pem"), leaf);
  writeFileSync(at("both.pem"), leaf + authority.certificate);
  writeFileSync(at("pair.pem"), clientSide.certificate + clientSide.key, { mode: 0o600 });
  for (const [directory, name, content] of [
    ["trusted", "ca.pem", authority.certificate],
    ["strangers", "ca.pem", other.certificate],
    ["peers", "redis.pem", leaf],
    ["revoked", "list.pem", await authority.revoke([plainAndTls.certificate])],
  ] as const) {
    mkdirSync(at(directory));
    writeFileSync(join(at(directory), name), content);
    execFileSync("openssl", ["rehash", at(directory)]);
  }
  writeFileSync(at("none.crl"), await authority.revoke([]));
  writeFileSync(at("server-revoked.crl"), await authority.revoke([plainAndTls.certificate]));
  writeFileSync(at("client-revoked.crl"), await authority.revoke([clientSide]));
  const pair = ["pkcs12", "-export", "-in", at("client.pem"), "-inkey", at("client.key")];
  execFileSync("openssl", [...pair, "-out", at("client.p12"), "-passout", "pass:"]);
  execFileSync("openssl", [...pair, "-out", at("locked.p12"), "-passout", "pass:secret-pass"]);
  const locked = ["pkey", "-in", at("client.key"), "-aes256", "-passout", "pass:secret-pass"];
  execFileSync("openssl", [...locked, "-out", at("locked.key")]);
  writeFileSync(at("real.conf"), file("real"));
  writeFileSync(at("ours.conf"), file("ours"));
  ours = await Stunnel.start({ file: at("ours.conf") }, { log: (line) => log.push(line) });
  if (existsSync(real)) stunnel = spawn(real, [at("real.conf")], { stdio: "ignore" });
  const last = at(`real-${cases.length - 1}`);
  for (let tries = 0; stunnel !== null && !existsSync(last); tries++) {
    if (tries > 1000 || stunnel.exitCode !== null)
      throw new Error(`stunnel did not start: ${readFileSync(at("real.log"), "utf8")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

afterAll(async () => {
  stunnel?.kill("SIGKILL");
  await ours?.stop();
  await Promise.all([plainAndTls.stop(), mutual.stop()]);
  rmSync(folder, { recursive: true });
});

function file(whose: "real" | "ours"): string {
  const sections = cases
    .map(({ lines }, index) => `[s${index}]\naccept = ${at(`${whose}-${index}`)}\n${lines}`)
    .join("\n");
  return `foreground = quiet\nsyslog = no\ndebug = 6\noutput = ${at(`${whose}.log`)}\npid =\n${sections}`
    .replaceAll("@DIR", folder)
    .replaceAll("@TLS", String(plainAndTls.tlsPort))
    .replaceAll("@PLAIN", String(plainAndTls.port))
    .replaceAll("@MTLS", String(mutual.tlsPort));
}

/** Whether a PING is answered through that socket. */
function outcome(path: string, { tls, quiet }: Client): Promise<"answered" | "refused"> {
  const carrier = connectTcp({ path });
  const socket: Socket =
    tls === undefined
      ? carrier
      : connectTls({
          socket: carrier,
          rejectUnauthorized: false,
          ...(tls.name !== undefined && { servername: tls.name }),
          ...(tls.certificate !== undefined && {
            cert: readFileSync(at(`${tls.certificate}.pem`)),
            key: readFileSync(at(`${tls.certificate}.key`)),
          }),
        });
  const answer = new Promise<"answered" | "refused">((resolve) => {
    socket.once("data", (bytes) => resolve(bytes.toString().startsWith("+PONG") ? "answered" : "refused"));
    socket.once("close", () => resolve("refused"));
    for (const each of [socket, carrier]) each.on("error", () => resolve("refused"));
  });
  if (!quiet) socket.write("PING\r\n");
  return answer.finally(() => {
    socket.destroy();
    carrier.destroy();
  });
}

describe.skipIf(!existsSync(real))("an option does what it does in stunnel", () => {
  test.concurrent.each(cases.map((each, index) => [each.name, each, index] as const))(
    "%s",
    async (_, { outcome: expected, client: how = {} }, index) => {
      const [theirs, our] = await Promise.all([
        outcome(at(`real-${index}`), how),
        outcome(at(`ours-${index}`), how),
      ]);
      expect(
        { stunnel: theirs, redoubt: our },
        log.filter((line) => line.includes(`s${index}]`)).join("\n"),
      ).toEqual({ stunnel: expected, redoubt: expected });
    },
  );
});

/** Files that stunnel does not start with. Ours must say the same thing about the same line. */
const broken: readonly (readonly [name: string, lines: string, message: string])[] = [
  [
    "an unknown option",
    `[r]\n${redis}nix = 1\n`,
    'f.conf:5: "nix = 1": Specified option name is not valid here',
  ],
  [
    "a global option in a section",
    `[r]\n${redis}pid = /x\n`,
    'f.conf:5: "pid = /x": Specified option name is not valid here',
  ],
  ["no =", `[r]\n${redis}hello\n`, "f.conf:5: \"hello\": No '=' found"],
  [
    "neither yes nor no",
    `[r]\n${redis}delay = true\n`,
    "f.conf:5: \"delay = true\": The argument needs to be either 'yes' or 'no'",
  ],
  [
    "a comment behind a value",
    `[r]\n${redis}delay = yes ; x\n`,
    "f.conf:5: \"delay = yes ; x\": The argument needs to be either 'yes' or 'no'",
  ],
  [
    "failover",
    `[r]\n${redis}failover = x\n`,
    "f.conf:5: \"failover = x\": The argument needs to be either 'rr' or 'prio'",
  ],
  [
    "a fraction of a second",
    `[r]\n${redis}TIMEOUTidle = 1.5\n`,
    'f.conf:5: "TIMEOUTidle = 1.5": Illegal idle timeout',
  ],
  ["a level of debug", `[r]\n${redis}debug = 8\n`, 'f.conf:5: "debug = 8": Illegal debug level'],
  ["a level of verify", `[r]\n${redis}verify = 5\n`, 'f.conf:5: "verify = 5": Bad verify level'],
  [
    "a protocol version",
    `[r]\n${redis}sslVersion = TLSv9\n`,
    'f.conf:5: "sslVersion = TLSv9": Invalid protocol version',
  ],
  [
    "a range of versions",
    `[r]\n${redis}sslVersionMin = TLSv1.3\nsslVersionMax = TLSv1.2\n`,
    "Invalid protocol version range",
  ],
  [
    "a TLS option",
    `[r]\n${redis}options = NO_NOTHING\n`,
    'f.conf:5: "options = NO_NOTHING": Illegal TLS option',
  ],
  [
    "a security level",
    `[r]\n${redis}securityLevel = 9\n`,
    'f.conf:5: "securityLevel = 9": Illegal security level',
  ],
  [
    "a socket option",
    `[r]\n${redis}socket = l:NIX=1\n`,
    'f.conf:5: "socket = l:NIX=1": Illegal socket option',
  ],
  [
    "a directory to include",
    `include = /nix\n[r]\n${redis}`,
    'f.conf:2: "include = /nix": Failed to include directory',
  ],
  ["a user", `setuid = no-such-user\n[r]\n${redis}`, 'f.conf:2: "setuid = no-such-user": Illegal UID'],
  [
    "verify without a CA",
    `[r]\n${redis}verify = 2\n`,
    'Service [r]: Either "CAengine", "CAfile" or "CApath" has to be configured',
  ],
  [
    "checkHost without verification",
    `[r]\n${redis}checkHost = a\n`,
    'Either "verifyChain" or "verifyPeer" has to be enabled',
  ],
  [
    "one endpoint",
    "[r]\nclient = yes\nconnect = 127.0.0.1:1\n",
    "Service [r]: Each service must define two endpoints",
  ],
  [
    "a server without certificate",
    "[r]\nconnect = 127.0.0.1:1\n",
    "Service [r]: TLS server needs a certificate",
  ],
  ["a CA file that is not there", `[r]\n${redis}verifyChain = yes\nCAfile = /nix\n`, ""],
  [
    "a key of another certificate",
    `[r]\n${client}connect = 127.0.0.1:1\ncert = @DIR/client.pem\nkey = @DIR/server.key\n`,
    "",
  ],
  // Both need somebody to type the passphrase, and nobody is there.
  [
    "an encrypted key",
    `[r]\n${client}connect = 127.0.0.1:1\ncert = @DIR/client.pem\nkey = @DIR/locked.key\n`,
    "",
  ],
  ["an encrypted PKCS#12", `[r]\n${client}connect = 127.0.0.1:1\ncert = @DIR/locked.p12\n`, ""],
  [
    "protocol = proxy in a client section",
    `[r]\n${redis}protocol = proxy\n`,
    "The 'proxy' protocol is not supported in the client mode",
  ],
  ["ciphers that do not exist", `[r]\n${redis}ciphers = NIX\n`, ""],
  ["curves that do not exist", `[r]\n${redis}curves = NIX\n`, ""],
];

describe.skipIf(!existsSync(real))("what stunnel does not start with is refused with its words", () => {
  test.each(broken)("%s", async (_, lines, message) => {
    const accept = /one endpoint/.test(_) ? "" : `accept = ${at("never")}`;
    const text = `foreground = yes\n${lines.replace(/(\[r\]\n)/, `$1${accept === "" ? "" : `${accept}\n`}`)}`
      .replaceAll("@DIR", folder)
      .replaceAll("@TLS", "1");
    const path = at("f.conf");
    writeFileSync(path, text);
    const child = spawn(real, ["f.conf"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (said += part));
    const [code] = (await once(child, "close")) as [number | null];
    const { problems, sections } = checkStunnel({ file: path });
    const ourWords = [
      ...problems.map((problem) => problem.message),
      ...sections.flatMap(({ findings }) =>
        findings.filter((finding) => finding.code === "unusable-file").map((finding) => finding.message),
      ),
    ];
    expect(code, said).toBe(1);
    expect(ourWords.length).toBeGreaterThan(0);
    // Lines are counted with the accept that was put in; stunnel names the file by its whole path.
    const words = message.replace(/^f\.conf:\d+: /, "");
    expect(said).toContain(words);
    expect(ourWords.join("\n")).toContain(words);
    const place = /f\.conf:(\d+): "/.exec(said)?.[1];
    if (place !== undefined) expect(ourWords.join("\n")).toContain(`f.conf:${place}: "`);
    await expect(Stunnel.start({ file: path })).rejects.toMatchObject({ name: "RedoubtError" });
  });
});
