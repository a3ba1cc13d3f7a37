import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";
import { layGround, type StunnelGround } from "./stunnel-ground.ts";
import { freePort, refuseFile, runFile, stunnelPrograms, until } from "./stunnel-programs.ts";

// Files of kinds that are not among the samples, run by ours and by the real stunnel: what one does, the other does.

let ground: StunnelGround;
beforeAll(async () => {
  ground = await layGround();
});
afterAll(() => ground?.stop());

const haproxy = "/usr/sbin/haproxy";

/** Whether that port is served on IPv6. */
function hasIPv6(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "::1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

describe.each(stunnelPrograms)("$name", (program) => {
  test("31: two sections with defaults above: each checks its own name", async () => {
    const accept = [await freePort(), await freePort()] as const;
    const { tls, strange } = ground.port;
    const right = ground.place("31-cloud-primary-and-replica.conf", { accept, connect: [tls, tls] });
    await using run = await runFile(program, right, accept[1]);
    for (const port of accept) expect(await ground.ping(port)).toBe("PONG");
    await run.end();
    const others = { "checkHost = reader.cache": "checkHost = somebody.else" };
    const half = ground.place("31-cloud-primary-and-replica.conf", {
      accept,
      connect: [strange, tls],
      others,
    });
    await using _ = await runFile(program, half, accept[1]);
    for (const port of accept) expect(await ground.ping(port)).not.toContain("PONG");
  });

  test("32: IPv6 on both sides", async (context) => {
    if (!(await hasIPv6(ground.port.tls))) return context.skip("this machine has no IPv6");
    await using run = await ground.run(program, "32-ipv6-only-host.conf", [ground.port.tls]);
    expect(await ground.ping(run.port, {}, ["-h", "::1", "PING"])).toBe("PONG");
    // foreground = quiet: everything is in the file, nothing on stderr.
    const log = readFileSync(ground.at("log", "stunnel-redis.log"), "utf8");
    expect(log).toContain("accepted connection from ::1:");
    expect(run.output()).not.toContain("accepted connection");
  });

  test("33: a Unix socket, and options under their older names", async () => {
    const path = ground.at("run", `${program.name.length}.sock`);
    const file = ground.place("33-unix-socket-for-php.conf", { accept: [path], connect: [ground.port.tls] });
    await using run = await runFile(program, file, path);
    expect(await ground.ping(path)).toBe("PONG");
    await run.end();
    expect(existsSync(path)).toBe(false);
  });

  test("34: one of several names is enough, none is too few", async () => {
    await using run = await ground.run(program, "34-several-names-one-right.conf", [ground.port.tls]);
    expect(await ground.ping(run.port)).toBe("PONG");
    const others = { "checkHost = redis.": "checkHost = new." };
    await using wrong = await ground.run(
      program,
      "34-several-names-one-right.conf",
      [ground.port.tls],
      others,
    );
    expect(await ground.ping(wrong.port)).not.toContain("PONG");
  });

  test("35: two targets in turn, of which one is down", async () => {
    const port = await freePort();
    const connect = [await freePort(), ground.port.tls];
    const file = ground.place("35-two-targets-in-turn.conf", { accept: [port], connect });
    await using _ = await runFile(program, file, port);
    for (let i = 0; i < 4; i++) expect(await ground.ping(port)).toBe("PONG");
  });

  test("36: byte order mark, CRLF, tabs, blanks, capitals", async () => {
    await using run = await ground.run(program, "36-windows-editor.conf", [ground.port.tls]);
    expect(await ground.ping(run.port)).toBe("PONG");
    expect(run.output()).toContain("Service [ redis cache ] accepted connection");
    await using wrong = await ground.run(program, "36-windows-editor.conf", [ground.port.strange]);
    expect(await ground.ping(wrong.port)).not.toContain("PONG");
  });

  test("37: TLS 1.3, suites, curves, a client certificate as PKCS#12, a directory of CAs", async () => {
    await using run = await ground.run(program, "37-audited-tls13-client.conf", [ground.port.mutual]);
    expect(await ground.ping(run.port)).toBe("PONG");
    await using wrong = await ground.run(program, "37-audited-tls13-client.conf", [ground.port.strange]);
    expect(await ground.ping(wrong.port)).not.toContain("PONG");
  });

  test.skipIf(!existsSync(haproxy))("38: HAProxy behind it learns the client's address", async () => {
    const backend = await freePort();
    const configuration = ground.at("haproxy.cfg");
    writeFileSync(
      configuration,
      `defaults\n  mode tcp\n  timeout client 1m\n  timeout server 1m\n  timeout connect 5s\nlisten in\n  bind 127.0.0.1:${backend} accept-proxy\n  acl known src 127.0.0.1\n  tcp-request connection reject if !known\n  server redis 127.0.0.1:${ground.port.plain}\n`,
    );
    const proxy = spawn(haproxy, ["-f", configuration], { stdio: "ignore" });
    const ended = once(proxy, "exit");
    try {
      await using run = await ground.run(program, "38-server-that-tells-the-client-address.conf", [backend]);
      await until("HAProxy answers", async () => (await ground.ping(run.port, { tls: {} })) === "PONG");
      // Without a header HAProxy lets nobody in.
      expect(await ground.ping(backend)).not.toContain("PONG");
    } finally {
      proxy.kill();
      await ended;
    }
  });

  test("39: the name that is asked for decides who answers", async () => {
    const port = await freePort();
    const { plain } = ground.port;
    const file = ground.place("39-server-with-names.conf", { accept: [port], connect: [1, plain, plain] });
    await using _ = await runFile(program, file, port);
    const ping = (name: string, certificate?: string) =>
      ground.ping(port, { tls: { name, ...(certificate !== undefined && { certificate }) } });
    expect(await ping("a.tenants.example.internal")).toBe("PONG");
    expect(await ping("elsewhere.example.internal")).not.toContain("PONG");
    expect(await ping("b.secure.example.internal", "client")).toBe("PONG");
    expect(await ping("b.secure.example.internal")).not.toContain("PONG");
    expect(await ping("b.secure.example.internal", "strange")).not.toContain("PONG");
  });

  test("40: client certificates by a directory of CAs, without the revoked ones", async () => {
    await using run = await ground.run(program, "40-server-with-revocation.conf", [ground.port.plain]);
    expect(await ground.ping(run.port, { tls: { certificate: "client" } })).toBe("PONG");
    expect(await ground.ping(run.port, { tls: { certificate: "revoked" } })).not.toContain("PONG");
    expect(await ground.ping(run.port, { tls: { certificate: "strange" } })).not.toContain("PONG");
    expect(await ground.ping(run.port, { tls: {} })).not.toContain("PONG");
  });

  test("41: socket options and switches of a generated file", async () => {
    await using run = await ground.run(program, "41-generated-with-socket-options.conf", [ground.port.tls]);
    expect(await ground.ping(run.port)).toBe("PONG");
    await using wrong = await ground.run(program, "41-generated-with-socket-options.conf", [
      ground.port.strange,
    ]);
    expect(await ground.ping(wrong.port)).not.toContain("PONG");
  });

  test("42: both ends in one file", async () => {
    const accept = [await freePort(), await freePort()] as const;
    const connect = [accept[1], ground.port.plain];
    const file = ground.place("42-both-ends-in-one-file.conf", { accept, connect });
    await using _ = await runFile(program, file, accept[1]);
    expect(await ground.ping(accept[0])).toBe("PONG");
    expect(await ground.ping(accept[1], { tls: {} })).not.toContain("PONG");
  });

  test("44: a comment behind the name of a section is no section", async () => {
    const file = ground.place("44-comment-behind-section-broken.conf", { accept: [1], connect: [1] });
    const { code, stderr } = await refuseFile(program, file);
    expect(code).not.toBe(0);
    expect(stderr).toContain(":3: \"[redis]  ; the cache\": No '=' found");
  });
});

test("43: what an old template asks for and cannot be had is named, each with its line and what to do", async () => {
  const file = ground.place("43-copied-from-a-chroot-broken.conf", { accept: [1], connect: [1] });
  const { code, stdout } = await redoubt(["tunnel", "check", file]);
  expect(code).toBe(2);
  expect(stdout).toContain(':2: "chroot = /var/lib/stunnel4/": chroot is not supported');
  expect(stdout).toContain("RootDirectory=");
  expect(stdout).toContain(':4: "compression = zlib": compression is not supported');
});
