import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { type Authority, createAuthority, type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkStunnel } from "../../../src/stunnel/check.ts";
import { Stunnel } from "../../../src/stunnel/stunnel.ts";

// What an option does, held against the real stunnel: each case is a section, run by both programs in front of the same Redis.

const real = "/usr/bin/stunnel4";
const folder = mkdtempSync(join(tmpdir(), "rd-st-"));
const at = (name: string): string => join(folder, name);

/** How a client comes in. */
interface Client {
  /** Speaks TLS, with this certificate (a file of the folder without its ending), and asks for this name. */
  readonly tls?: { readonly certificate?: string; readonly name?: string };
  /** Only connects, and says nothing. */
  readonly quiet?: true;
}

interface Case {
  readonly name: string;
  readonly lines: string;
  readonly outcome: "answered" | "refused";
  readonly client?: Client;
}

const client = "client = yes\n";
const redis = `${client}connect = 127.0.0.1:@TLS\n`;
const trusted = "CAfile = @DIR/ca.pem\n";
const server = "cert = @DIR/server.pem\nkey = @DIR/server.key\nconnect = 127.0.0.1:@PLAIN\n";

const cases: Case[] = [
  { name: "nothing verified", lines: redis, outcome: "answered" },
  { name: "chain verified", lines: `${redis}verifyChain = yes\n${trusted}`, outcome: "answered" },
  {
    name: "chain of another CA",
    lines: `${redis}verifyChain = yes\nCAfile = @DIR/other.pem\n`,
    outcome: "refused",
  },
  { name: "CAfile alone verifies nothing", lines: `${redis}CAfile = @DIR/other.pem\n`, outcome: "answered" },
  { name: "verify 0", lines: `${redis}verify = 0\nCAfile = @DIR/other.pem\n`, outcome: "answered" },
  { name: "verify 1", lines: `${redis}verify = 1\nCAfile = @DIR/other.pem\n`, outcome: "refused" },
  { name: "verify 2", lines: `${redis}verify = 2\n${trusted}`, outcome: "answered" },
  { name: "verify 3 without the peer", lines: `${redis}verify = 3\n${trusted}`, outcome: "refused" },
  {
    name: "verify 3 with the peer",
    lines: `${redis}verify = 3\nCAfile = @DIR/both.pem\n`,
    outcome: "answered",
  },
  {
    name: "verify 4 with the peer alone",
    lines: `${redis}verify = 4\nCAfile = @DIR/redis.pem\n`,
    outcome: "answered",
  },
  {
    name: "verifyPeer with the peer alone",
    lines: `${redis}verifyPeer = yes\nCAfile = @DIR/redis.pem\n`,
    outcome: "answered",
  },
  { name: "verifyPeer with the CA alone", lines: `${redis}verifyPeer = yes\n${trusted}`, outcome: "refused" },
  {
    name: "a later verifyChain = no undoes verify = 2",
    lines: `${redis}CAfile = @DIR/other.pem\nverify = 2\nverifyChain = no\n`,
    outcome: "answered",
  },
  {
    name: "checkHost, right",
    lines: `${redis}verifyChain = yes\n${trusted}checkHost = localhost\n`,
    outcome: "answered",
  },
  {
    name: "checkHost, wrong",
    lines: `${redis}verifyChain = yes\n${trusted}checkHost = wrong.test\n`,
    outcome: "refused",
  },
  {
    name: "checkHost, one of two",
    lines: `${redis}verifyChain = yes\n${trusted}checkHost = wrong.test\ncheckHost = localhost\n`,
    outcome: "answered",
  },
  {
    name: "checkIP, right",
    lines: `${redis}verifyChain = yes\n${trusted}checkIP = 127.0.0.1\n`,
    outcome: "answered",
  },
  {
    name: "checkIP, wrong",
    lines: `${redis}verifyChain = yes\n${trusted}checkIP = 10.0.0.1\n`,
    outcome: "refused",
  },
  {
    name: "a wrong checkHost beside a right checkIP",
    lines: `${redis}verifyChain = yes\n${trusted}checkHost = wrong.test\ncheckIP = 127.0.0.1\n`,
    outcome: "answered",
  },
  {
    name: "checkEmail, wrong",
    lines: `${redis}verifyChain = yes\n${trusted}checkEmail = a@b.test\n`,
    outcome: "refused",
  },
  {
    name: "verifyPeer with a wrong checkHost",
    lines: `${redis}verifyPeer = yes\nCAfile = @DIR/redis.pem\ncheckHost = wrong.test\n`,
    outcome: "refused",
  },
  { name: "TLS 1.2 only", lines: `${redis}sslVersion = TLSv1.2\n`, outcome: "answered" },
  { name: "TLS 1.3 only", lines: `${redis}sslVersion = TLSv1.3\n`, outcome: "answered" },
  { name: "TLS 1.1 only", lines: `${redis}sslVersion = TLSv1.1\n`, outcome: "refused" },
  {
    name: "every version switched off",
    lines: `${redis}options = NO_TLSv1_2\noptions = NO_TLSv1_3\n`,
    outcome: "refused",
  },
  {
    name: "sslVersionMax below what Redis speaks",
    lines: `${redis}sslVersionMax = TLSv1.1\n`,
    outcome: "refused",
  },
  {
    name: "a cipher of TLS 1.2",
    lines: `${redis}sslVersion = TLSv1.2\nciphers = ECDHE-ECDSA-AES128-GCM-SHA256\n`,
    outcome: "answered",
  },
  {
    name: "no cipher in common",
    lines: `${redis}sslVersion = TLSv1.2\nciphers = ECDHE-RSA-AES128-GCM-SHA256\n`,
    outcome: "refused",
  },
  {
    name: "a suite of TLS 1.3",
    lines: `${redis}ciphersuites = TLS_CHACHA20_POLY1305_SHA256\n`,
    outcome: "answered",
  },
  { name: "a curve", lines: `${redis}curves = P-256\n`, outcome: "answered" },
  {
    name: "a name in connect, looked up for each connection",
    lines: `${client}connect = localhost:@TLS\ndelay = yes\n`,
    outcome: "answered",
  },
  {
    name: "a name that does not exist",
    lines: `${client}connect = nowhere.invalid:6379\ndelay = yes\n`,
    outcome: "refused",
  },
  { name: "nobody listens there", lines: `${client}connect = 127.0.0.1:1\n`, outcome: "refused" },
  {
    name: "the second of two targets",
    lines: `${client}connect = 127.0.0.1:1\nconnect = 127.0.0.1:@TLS\n`,
    outcome: "answered",
  },
  {
    name: "targets in turn",
    lines: `${client}connect = 127.0.0.1:1\nconnect = 127.0.0.1:@TLS\nfailover = rr\n`,
    outcome: "answered",
  },
  { name: "a source address", lines: `${redis}local = 127.0.0.1\n`, outcome: "answered" },
  {
    name: "plain Redis behind a client section",
    lines: `${client}connect = 127.0.0.1:@PLAIN\nTIMEOUTbusy = 1\n`,
    outcome: "refused",
  },
  {
    name: "a client certificate where one is demanded",
    lines: `${client}connect = 127.0.0.1:@MTLS\ncert = @DIR/client.pem\nkey = @DIR/client.key\n`,
    outcome: "answered",
  },
  {
    name: "certificate and key in one file",
    lines: `${client}connect = 127.0.0.1:@MTLS\ncert = @DIR/pair.pem\n`,
    outcome: "answered",
  },
  {
    name: "no client certificate where one is demanded",
    lines: `${client}connect = 127.0.0.1:@MTLS\n`,
    outcome: "refused",
  },
  { name: "server section", lines: server, outcome: "answered", client: { tls: {} } },
  { name: "server section, plain client", lines: server, outcome: "refused" },
  {
    name: "server section, chain demanded and shown",
    lines: `${server}verifyChain = yes\n${trusted}`,
    outcome: "answered",
    client: { tls: { certificate: "client" } },
  },
  {
    name: "server section, chain demanded and nothing shown",
    lines: `${server}verifyChain = yes\n${trusted}`,
    outcome: "refused",
    client: { tls: {} },
  },
  {
    name: "server section, chain of another CA shown",
    lines: `${server}verifyChain = yes\n${trusted}`,
    outcome: "refused",
    client: { tls: { certificate: "stranger" } },
  },
  {
    name: "server section, verify 1, nothing shown",
    lines: `${server}verify = 1\n${trusted}`,
    outcome: "answered",
    client: { tls: {} },
  },
  {
    name: "server section, verify 1, another CA shown",
    lines: `${server}verify = 1\n${trusted}`,
    outcome: "refused",
    client: { tls: { certificate: "stranger" } },
  },
  {
    name: "server section, peer pinned",
    lines: `${server}verifyPeer = yes\nCAfile = @DIR/client.pem\n`,
    outcome: "answered",
    client: { tls: { certificate: "client" } },
  },
  {
    name: "server section, checkHost of the client, wrong",
    lines: `${server}verifyChain = yes\n${trusted}checkHost = wrong.test\n`,
    outcome: "refused",
    client: { tls: { certificate: "client" } },
  },
  {
    name: "server section, refused client redirected",
    lines: `${server}verifyChain = yes\n${trusted}redirect = 127.0.0.1:@PLAIN\n`,
    outcome: "answered",
    client: { tls: { certificate: "stranger" } },
  },
  {
    name: "server section, TLS 1.1 client side only",
    lines: `${server}sslVersionMax = TLSv1.1\n`,
    outcome: "refused",
    client: { tls: {} },
  },
  {
    name: "primary of names",
    lines: "cert = @DIR/server.pem\nkey = @DIR/server.key\nconnect = 127.0.0.1:1\n",
    outcome: "refused",
    client: { tls: { name: "other.test" } },
  },
  {
    name: "silence beyond TIMEOUTidle",
    lines: `${redis}TIMEOUTidle = 1\n`,
    outcome: "refused",
    client: { quiet: true },
  },
];

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
