import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { execute, redoubt } from "./redoubt.ts";
import { canBecome } from "./stunnel-ground.ts";
import {
  freePort,
  isRunning,
  type RunningFile,
  runFile,
  type StunnelProgram,
  stunnelPrograms,
  until,
  userOf,
} from "./stunnel-programs.ts";
import { Bytes, clientSection, familyOf, pingOnce } from "./tunnel-kinds.ts";

const ours = stunnelPrograms[0] as StunnelProgram;

let server: RedisServer;
let folder: string;
let count = 0;
beforeAll(async () => {
  server = await startServer({ listen: "both", password: false });
  folder = mkdtempSync(join(tmpdir(), "redoubt-service-"));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function written(text: string): string {
  const file = join(folder, `${count++}.conf`);
  writeFileSync(file, text);
  return file;
}

/** Runs a client section, with lines before it. */
async function run(lines: string, words: readonly string[] = []) {
  const port = await freePort();
  const file = written(lines + clientSection(server, port));
  const running = await runFile(ours, file, port, words);
  return Object.assign(running, { port, file });
}

test("drain: whoever is connected goes on until it has ended, nobody else comes in", async () => {
  await using tunnel = await run("", ["--drain", "60000"]);
  using client = new Bytes(tunnel.port);
  expect(await client.ping()).toBe("+PONG\r\n");
  process.kill(tunnel.pid, "SIGTERM");
  await until("nobody else comes in", async () => (await pingOnce(tunnel.port)) === "");
  expect(await client.ping()).toBe("+PONG\r\n");
  expect(isRunning(tunnel.pid)).toBe(true);
  client.socket.destroy();
  await until("it ends", () => !isRunning(tunnel.pid));
  expect(tunnel.output()).toContain("Terminated");
});

test("without --drain, as with stunnel, the end cuts what is open", async () => {
  await using tunnel = await run("");
  using client = new Bytes(tunnel.port);
  expect(await client.ping()).toBe("+PONG\r\n");
  await tunnel.end();
  await until("it is cut", () => client.isClosed);
});

test("in the background: it returns when all listeners are open, and says why when it cannot", async () => {
  const pidFile = join(folder, "background.pid");
  const log = join(folder, "background.log");
  const port = await freePort();
  const background = (text: string) => text.replace("foreground = yes\n", "");
  const text = `pid = ${pidFile}\noutput = ${log}\n${background(clientSection(server, port))}`;
  const started = await redoubt(["tunnel", written(text)]);
  expect(started.code, started.stderr).toBe(0);
  const pid = Number(/as process (\d+)/.exec(started.stderr)?.[1]);
  try {
    // Not a moment later: whoever starts it may rely on it.
    expect(await pingOnce(port)).toBe("+PONG\r\n");
    expect(Number(readFileSync(pidFile, "utf8"))).toBe(pid);
    expect(readFileSync(log, "utf8")).toContain("Configuration successful");
    const taken = await redoubt(["tunnel", written(background(clientSection(server, port)))]);
    expect(taken.code).toBe(4);
    expect(taken.stderr).toContain("Address already in use (98)");
    const broken = await redoubt(["tunnel", written(`${background(clientSection(server, port))}nix = 1\n`)]);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('"nix = 1": Specified option name is not valid here');
    const noCa = background(clientSection(server, port)).replace(/CAfile = .*/, "CAfile = /nix");
    const unusable = await redoubt(["tunnel", written(noCa)]);
    expect(unusable.code).toBe(2);
    expect(unusable.stderr).toContain("/nix does not exist");
  } finally {
    process.kill(pid, "SIGTERM");
    await until("it ends", () => !isRunning(pid));
  }
  expect(existsSync(pidFile)).toBe(false);
});

async function reload(tunnel: RunningFile, said: string): Promise<void> {
  const before = tunnel.output().length;
  process.kill(tunnel.pid, "SIGHUP");
  await until(`the log says ${said}`, () => tunnel.output().slice(before).includes(said));
}

test("a reload with a broken file changes nothing, and says the line", async () => {
  await using tunnel = await run("");
  using client = new Bytes(tunnel.port);
  expect(await client.ping()).toBe("+PONG\r\n");
  const good = readFileSync(tunnel.file, "utf8");
  writeFileSync(tunnel.file, `${good}verifychian = yes\n`);
  await reload(tunnel, "Failed to reload the configuration file");
  expect(tunnel.output()).toContain('"verifychian = yes": Specified option name is not valid here');
  expect(tunnel.output()).toContain("Did you mean verifyChain?");
  expect(await client.ping()).toBe("+PONG\r\n");
  expect(await pingOnce(tunnel.port)).toBe("+PONG\r\n");
  writeFileSync(tunnel.file, good.replace("checkIP = 127.0.0.1", "checkHost = wrong.test"));
  await reload(tunnel, "Configuration successful");
  await until("the new one is in force in every process", async () => {
    const answers = [await pingOnce(tunnel.port), await pingOnce(tunnel.port), await pingOnce(tunnel.port)];
    return answers.every((answer) => answer === "");
  });
  expect(await client.ping()).toBe("+PONG\r\n");
});

test("a reload with a broken certificate changes nothing; a new one is shown, and nobody is cut", async () => {
  const certificate = join(folder, "server.pem");
  const put = async (commonName: string): Promise<void> => {
    const issued = await server.authority.issue({ commonName });
    writeFileSync(`${certificate}.new`, issued.certificate + issued.key, { mode: 0o600 });
    renameSync(`${certificate}.new`, certificate);
  };
  await put("first");
  const port = await freePort();
  const file = written(
    `foreground = yes\n[s]\naccept = 127.0.0.1:${port}\nconnect = 127.0.0.1:${server.port}\ncert = ${certificate}\n`,
  );
  await using tunnel = await runFile(ours, file, port);
  const open = () => connectTls({ port, host: "127.0.0.1", servername: "localhost", ca: server.ca });
  const shown = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = open();
      socket.once("error", reject);
      socket.once("secureConnect", () => {
        resolve((socket.getPeerCertificate().subject as { CN: string }).CN);
        socket.destroy();
      });
    });
  const client = open();
  let heard = "";
  client.setEncoding("latin1").on("data", (text: string) => (heard += text));
  const ping = async (): Promise<void> => {
    heard = "";
    client.write("PING\r\n");
    await until("an answer", () => heard === "+PONG\r\n");
  };
  try {
    await ping();
    expect(await shown()).toBe("first");
    writeFileSync(certificate, "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n");
    await reload(tunnel, "Failed to reload the configuration file");
    for (let i = 0; i < 4; i++) expect(await shown()).toBe("first");
    await ping();
    await put("second");
    await reload(tunnel, "Configuration successful");
    await until("every process shows the new one", async () => {
      const names = [await shown(), await shown(), await shown(), await shown()];
      return names.every((name) => name === "second");
    });
    await ping();
  } finally {
    client.destroy();
  }
});

test("USR1 opens the log anew, USR2 lists connections", async () => {
  const log = join(folder, "rotated.log");
  await using tunnel = await run(`output = ${log}\n`);
  using client = new Bytes(tunnel.port);
  expect(await client.ping()).toBe("+PONG\r\n");
  renameSync(log, `${log}.1`);
  process.kill(tunnel.pid, "SIGUSR1");
  await until("the file is there again", () => existsSync(log) && /reopened/.test(readFileSync(log, "utf8")));
  process.kill(tunnel.pid, "SIGUSR2");
  await until("the list is in it", () => /Listed 1 active connection/.test(readFileSync(log, "utf8")));
  expect(readFileSync(log, "utf8")).toMatch(/redis: 127\.0\.0\.1:\d+, \d+ byte\(s\) sent to TLS/);
  expect(await pingOnce(tunnel.port)).toBe("+PONG\r\n");
  await until("every process writes to the new file", async () => {
    await pingOnce(tunnel.port);
    return /accepted connection from/.test(readFileSync(log, "utf8"));
  });
});

test.skipIf(!canBecome)("setuid and setgid: every process gives up what root may, and goes on", async () => {
  const key = join(folder, "root-only.pem");
  const issued = await server.authority.issue();
  writeFileSync(key, issued.certificate + issued.key, { mode: 0o600 });
  await using tunnel = await run(`setuid = stunnel4\nsetgid = stunnel4\ncert = ${key}\n`, ["--workers", "2"]);
  await until("it has become the user", () => familyOf(tunnel.pid).every((pid) => userOf(pid) !== 0));
  for (const pid of familyOf(tunnel.pid)) {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [, ...groups] = (/^Gid:.*$/m.exec(status)?.[0] ?? "").split(/\s+/);
    expect(groups).not.toContain("0");
    expect(/^Groups:\s*(.*?)\s*$/m.exec(status)?.[1]?.split(" ")).not.toContain("0");
    expect(/^CapEff:\s*(\w+)/m.exec(status)?.[1]).toMatch(/^0+$/);
  }
  expect(await pingOnce(tunnel.port)).toBe("+PONG\r\n");
});

// A /dev of one's own, where the system's log can be listened to.
const ownDev = `
mkdir "$1/dev"
for name in null zero full random urandom tty; do
  : > "$1/dev/$name"
  mount --bind "/dev/$name" "$1/dev/$name"
done
mount --bind "$1/dev" /dev
shift
exec /usr/bin/python3 -u -c '
import socket, subprocess, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log")
log.settimeout(60)
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    while True:
        line = log.recv(65536).decode()
        print(line)
        if "Configuration successful" in line: break
finally:
    child.terminate()
    child.wait()
' "$@"
`;

const canUnshare =
  process.getuid?.() === 0 &&
  existsSync("/usr/bin/python3") &&
  (await execute("unshare", ["-m", "true"])).code === 0;

test.skipIf(!canUnshare)("syslog = yes: the system's log has it, with facility, level and name", async () => {
  const port = await freePort();
  const text = clientSection(server, port).replace("syslog = no", "syslog = yes");
  const file = written(`debug = local3.info\nservice = redis-tunnel\n${text}`);
  const own = mkdtempSync(join(folder, "dev-"));
  const words = [
    "-m",
    "sh",
    "-euc",
    ownDev,
    "-",
    own,
    process.execPath,
    ...ours.words,
    file,
    "--workers",
    "1",
  ];
  const { stdout, stderr } = await execute("unshare", words);
  expect(stderr).toBe("");
  // local3 is 19, notice is 5.
  expect(stdout).toMatch(/^<157>.* redis-tunnel: LOG5\[ui\]: Configuration successful$/m);
});

test("check --json has the documented keys", async () => {
  const report = await redoubt(["tunnel", "check", "--json", written(clientSection(server, 1))]);
  expect(report.code).toBe(0);
  const { files, problems, sections, ...others } = JSON.parse(report.stdout);
  expect(others).toEqual({});
  expect(files).toHaveLength(1);
  expect(problems).toEqual([]);
  expect(sections).toEqual([
    {
      name: "redis",
      file: files[0],
      line: 3,
      mode: "client",
      accept: ["127.0.0.1:1"],
      connect: [`127.0.0.1:${server.tlsPort}`],
      verifies: { chain: true, peer: false, name: true },
      summary: expect.stringContaining("comes from a CA in"),
      findings: [],
    },
  ]);
  const open = clientSection(server, 1).replace(/verifyChain = yes\nCAfile.*\ncheckIP.*\n/, "");
  const gaps = await redoubt(["tunnel", "check", "--json", written(open)]);
  expect(gaps.code).toBe(3);
  const [finding] = JSON.parse(gaps.stdout).sections[0].findings;
  expect(Object.keys(finding).sort()).toEqual(["code", "fix", "lines", "message", "severity"]);
  expect(finding).toMatchObject({ code: "not-verified", severity: "error" });
  // The lines that it names close the gap.
  const closed = open + finding.lines.join("\n").replace(/CAfile = .*/, `CAfile = ${server.caFile}`);
  expect((await redoubt(["tunnel", "check", "--json", written(closed)])).code).toBe(0);
  const broken = await redoubt(["tunnel", "check", "--json", written(`${open}nix = 1\n`)]);
  expect(broken.code).toBe(2);
  expect(Object.keys(JSON.parse(broken.stdout).problems[0])).toEqual(
    expect.arrayContaining(["code", "message", "hint"]),
  );
});
