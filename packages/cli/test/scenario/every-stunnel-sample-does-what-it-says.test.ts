import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Cluster, startCluster } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute, redoubt } from "./redoubt.ts";
import { canBecome, layGround, type StunnelGround } from "./stunnel-ground.ts";
import { freePort, refuseFile, runFile, stunnelPrograms, until, userOf } from "./stunnel-programs.ts";

// What people have written, run by ours and by the real stunnel. Only ports, hosts and folders are others.

let ground: StunnelGround;
beforeAll(async () => {
  ground = await layGround();
});
afterAll(() => ground?.stop());

describe.each(stunnelPrograms)("$name", (program) => {
  test("01: the vendor's how-to, with nothing but address and port changed", async () => {
    await using run = await ground.run(program, "01-aiven-howto.conf", [ground.port.tls]);
    expect(await ground.ping(run.port)).toBe("PONG");
    expect(await ground.ping(run.port, {}, ["SET", "seed", "1"])).toBe("OK");
    expect(await ground.ping(run.port, {}, ["GET", "seed"])).toBe("1");
    // debug = info, foreground = yes, TIMEOUTclose = 0: each connection is told on stderr.
    await until("the end is told", () => /Connection closed: \d+ byte\(s\) sent to TLS/.test(run.output()));
    expect(run.output()).toContain("TLS connected: new session negotiated");
    await run.end();
  });

  test("01: no certificate is verified, as found", async () => {
    await using run = await ground.run(program, "01-aiven-howto.conf", [ground.port.strange]);
    expect(await ground.ping(run.port)).toBe("PONG");
  });

  test("03: minimal, in the background", async () => {
    await using run = await ground.run(program, "03-azure-howto-minimal.conf", [ground.port.tls]);
    expect(await ground.ping(run.port)).toBe("PONG");
    await run.end();
    expect(await ground.ping(run.port)).toBe("");
  });

  test("04: chain verified, TLS 1.2, log and pid in files", async () => {
    await using run = await ground.run(program, "04-gcp-howto-verified.conf", [ground.port.tls]);
    expect(await ground.ping(run.port)).toBe("PONG");
    expect(Number(readFileSync(ground.at("run", "stunnel.pid"), "utf8"))).toBe(run.pid);
    expect(readFileSync(ground.at("log", "stunnel.log"), "utf8")).toContain("accepted connection from");
    await run.end();
    expect(() => readFileSync(ground.at("run", "stunnel.pid"))).toThrow("ENOENT");
    await using wrong = await ground.run(program, "04-gcp-howto-verified.conf", [ground.port.strange]);
    expect(await ground.ping(wrong.port)).not.toContain("PONG");
  });

  test("06: client certificate and verify = 2 before the section, retry in it", async () => {
    await using run = await ground.run(program, "06-paas-buildpack-mtls.conf", [ground.port.mutual]);
    expect(await ground.ping(run.port)).toBe("PONG");
    await using wrong = await ground.run(program, "06-paas-buildpack-mtls.conf", [ground.port.strange]);
    expect(await ground.ping(wrong.port)).not.toContain("PONG");
  });

  test.skipIf(!canBecome)("08: of a container, under another user", async () => {
    const user = { "= stunnel\n": "= stunnel4\n" };
    await using run = await ground.run(program, "08-container-entrypoint-env.conf", [ground.port.tls], user);
    expect(await ground.ping(run.port)).toBe("PONG");
    await until("it has become the user", () => userOf(run.pid) !== 0);
  });

  test("08: of a container, where its user does not exist", async () => {
    const user = { "= stunnel\n": "= nobody-of-that-name\n" };
    const file = ground.place("08-container-entrypoint-env.conf", {
      accept: [1],
      connect: [1],
      others: user,
    });
    const { code, stderr } = await refuseFile(program, file);
    expect(code).not.toBe(0);
    expect(stderr).toContain(':7: "setuid = nobody-of-that-name": Illegal UID');
  });

  test("10: client certificate and verify = 2 for a managed Redis, in the background", async () => {
    await using run = await ground.run(program, "10-dbaas-marketplace-mtls-global.conf", [
      ground.port.mutual,
    ]);
    expect(await ground.ping(run.port)).toBe("PONG");
    await run.end();
    await using wrong = await ground.run(program, "10-dbaas-marketplace-mtls-global.conf", [
      ground.port.strange,
    ]);
    expect(await ground.ping(wrong.port)).not.toContain("PONG");
  });

  test("12: an agent with the list of public CAs and sni; its log on stderr", async () => {
    await using run = await ground.run(program, "12-serverless-redis-sni.conf", [ground.port.tls]);
    expect(await ground.ping(run.port)).toBe("PONG");
    expect(run.output()).toContain("accepted connection from");
    await using wrong = await ground.run(program, "12-serverless-redis-sni.conf", [ground.port.strange]);
    expect(await ground.ping(wrong.port)).not.toContain("PONG");
  });

  test("13: checkHost without verification is refused", async () => {
    const file = ground.place("13-script-unverified-broken.conf", { accept: [1], connect: [1] });
    const { code, stderr } = await refuseFile(program, file);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(
      /Either "verifyChain" or "verifyPeer" has to be enabled|checkHost takes the name of a host/,
    );
  });

  test("14: an invented option is refused, with its line", async () => {
    const file = ground.place("14-script-invented-option-broken.conf", { accept: [1], connect: [1] });
    const { code, stderr } = await refuseFile(program, file);
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      ':15: "insecure = yes  # comment after value": Specified option name is not valid here',
    );
  });

  test("16: a hardened server: who shows a certificate of the CA comes in, and nobody else", async () => {
    await using run = await ground.run(program, "16-server-hardened-mtls.conf", [ground.port.plain]);
    expect(await ground.ping(run.port, { tls: { certificate: "client" } })).toBe("PONG");
    expect(await ground.ping(run.port, { tls: {} })).not.toContain("PONG");
    expect(await ground.ping(run.port, { tls: { certificate: "strange" } })).not.toContain("PONG");
    expect(await ground.ping(run.port)).not.toContain("PONG");
  });

  test.skipIf(!canBecome)("18: a pinned peer: that certificate and no other of the same CA", async () => {
    await using run = await ground.run(program, "18-peer-pinned-pair.conf", [ground.port.tls]);
    expect(await ground.ping(run.port)).toBe("PONG");
    await until("it has become the user", () => userOf(run.pid) !== 0);
    expect(readFileSync(ground.at("run", "stunnel.pid"), "utf8").trim()).toBe(String(run.pid));
    await run.end();
    await using inside = await ground.run(program, "16-server-hardened-mtls.conf", [ground.port.plain]);
    await using wrong = await ground.run(program, "18-peer-pinned-pair.conf", [inside.port]);
    expect(await ground.ping(wrong.port)).not.toContain("PONG");
  });

  test("20: a section for each node: redis-cli goes from one to the other", async () => {
    await using cluster: Cluster = await startCluster({ listen: "plain", password: false });
    const ports = [await freePort(), await freePort(), await freePort()];
    for (const [index, node] of cluster.nodes.entries())
      await node.command("CONFIG", "SET", "cluster-announce-port", String(ports[index]));
    await until("all nodes know where the others are announced", async () => {
      const told = await Promise.all(cluster.nodes.map((node) => node.command("CLUSTER", "NODES")));
      return told.every((text) => ports.every((port) => String(text).includes(`:${port}@`)));
    });
    const connect = cluster.nodes.map(({ port }) => port as number);
    const file = ground.place("20-cluster-one-section-per-node.conf", { accept: ports, connect });
    await using _ = await runFile(program, file, ports[2] as number);
    const commands = Array.from({ length: 30 }, (_, i) => `SET key:${i} ${i}\nGET key:${i}\n`).join("");
    const words = ["-c", "-p", String(ports[0]), "--tls", "--cacert", ground.at("ssl", "ca.pem")];
    const { stdout } = await execute("redis-cli", words, { stdin: commands });
    const replies = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("->"));
    expect(replies).toEqual(Array.from({ length: 30 }, (_, i) => ["OK", String(i)]).flat());
  });

  test.skipIf(!canBecome)("23: a file that includes a directory", async () => {
    // stunnel opens it as its user, who may not write what root has left there.
    rmSync(ground.at("log", "stunnel.log"), { force: true });
    const port = await freePort();
    const section = ground.place("03-azure-howto-minimal.conf", {
      accept: [port],
      connect: [ground.port.tls],
    });
    writeFileSync(ground.at("conf.d", "10-redis.conf"), readFileSync(section));
    const file = ground.place("23-include-dir-global.conf", { accept: [], connect: [] });
    await using run = await runFile(program, file, port);
    expect(await ground.ping(port)).toBe("PONG");
    await until("it has become the user", () => userOf(run.pid) !== 0);
    expect(readFileSync(ground.at("log", "stunnel.log"), "utf8")).toContain("Service [redis-cli] accepted");
  });
});

test.each([
  ["01-aiven-howto.conf", 3, "not-verified"],
  ["03-azure-howto-minimal.conf", 3, "not-verified"],
  ["04-gcp-howto-verified.conf", 3, "name-not-verified"],
  ["06-paas-buildpack-mtls.conf", 3, "name-not-verified"],
  ["08-container-entrypoint-env.conf", canBecome ? 3 : 2, "not-verified"],
  ["10-dbaas-marketplace-mtls-global.conf", 3, "name-not-verified"],
  ["12-serverless-redis-sni.conf", 3, "name-not-verified"],
  ["13-script-unverified-broken.conf", 2, "CONFIG_INSECURE"],
  ["14-script-invented-option-broken.conf", 2, "CONFIG_UNKNOWN_KEY"],
  ["16-server-hardened-mtls.conf", 3, "plain-backend"],
  ["18-peer-pinned-pair.conf", 3, "plain-listener-exposed"],
  ["20-cluster-one-section-per-node.conf", 0, "Clients are not asked for a certificate"],
])("redoubt tunnel check %s: exit code %i, %s", async (name, code, finding) => {
  const ports = name.startsWith("20") ? [1, 2, 3] : [1];
  const file = ground.place(name, {
    accept: ports,
    connect: ports,
    others: { "= stunnel\n": "= stunnel4\n" },
  });
  if (name.startsWith("16"))
    writeFileSync(file, readFileSync(file, "utf8").replace("localhost:1", "redis:6379"));
  const check = await redoubt(["tunnel", "check", file]);
  expect(check.stdout).toContain(finding);
  expect(check.code, check.stdout).toBe(code);
});
