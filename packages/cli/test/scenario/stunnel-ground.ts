import { X509Certificate } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthority, type RedisServer, startServer } from "@redoubt/server";
import { execute } from "./redoubt.ts";
import { freePort, type Placing, placeFile, runFile, type StunnelProgram } from "./stunnel-programs.ts";

const corpus = fileURLToPath(new URL("../../../tunnel/test/corpus/stunnel/", import.meta.url));

const names = ["redis", "primary.cache", "reader.cache", "a.tenants", "b.secure", "eu1-node"].map(
  (name) => `${name}.example.internal`,
);

/** The number of the user that Debian's package makes, and files name; `setuid` needs it, and root. */
const stunnel4 = /^stunnel4:[^:]*:(\d+)/m.exec(readFileSync("/etc/passwd", "utf8"))?.[1];

/** Whether files with `setuid = stunnel4` can be run. */
export const canBecome = process.getuid?.() === 0 && stunnel4 !== undefined;

/** How redis-cli comes in. */
export interface Coming {
  /** By TLS, with this certificate (its name in the folder), asking for this name. */
  readonly tls?: { readonly certificate?: string; readonly name?: string };
}

/** Redis servers, certificates and folders for files of other people. */
export type StunnelGround = Awaited<ReturnType<typeof layGround>>;

/** Starts a Redis with a plain and a TLS port, and one that demands client certificates; writes what files name. */
export async function layGround() {
  const folder = mkdtempSync(join(tmpdir(), "redoubt-stunnel-"));
  // Another user, which a file names, has to come by.
  chmodSync(folder, 0o755);
  const at = (...parts: string[]): string => join(folder, ...parts);
  for (const name of ["ssl", "run", "log", "conf.d", "trusted"]) mkdirSync(at(name));
  if (canBecome) for (const name of ["run", "log"]) chownSync(at(name), Number(stunnel4), -1);
  const authority = await createAuthority();
  const stranger = await createAuthority("Stranger");
  const all = ["localhost", "127.0.0.1", "::1", ...names];
  const certificate = await authority.issue({ names: all });
  const [redis, mutual, strange] = await Promise.all([
    startServer({ listen: "both", password: false, authority, certificate }),
    startServer({ password: false, authority, certificate, clientCertificates: "required" }),
    startServer({ password: false, authority: stranger, certificate: await stranger.issue({ names: all }) }),
  ]);
  const pair = async (name: string, from = authority) => {
    const issued = await from.issue({ names: [`${name}.example.internal`, ...all] });
    writeFileSync(at("ssl", `${name}.crt`), issued.certificate);
    writeFileSync(at("ssl", `${name}.key`), issued.key, { mode: 0o600 });
    writeFileSync(at("ssl", `${name}.pem`), issued.certificate + issued.key, { mode: 0o600 });
    return issued;
  };
  await Promise.all([
    pair("client"),
    pair("user"),
    pair("server"),
    pair("stunnel"),
    pair("strange", stranger),
  ]);
  const revoked = await pair("revoked");
  writeFileSync(at("ssl", "revoked.crl"), await authority.revoke([revoked]));
  for (const name of ["ca.pem", "ca.crt", "server_ca.pem", "vendor_ca.pem", "ca-certificates.crt"])
    writeFileSync(at("ssl", name), authority.certificate);
  const leaf = new X509Certificate(redis.certificate.certificate).toString();
  writeFileSync(at("ssl", "pinned.crt"), leaf);
  writeFileSync(at("trusted", "ca.pem"), authority.certificate);
  await execute("openssl", ["rehash", at("trusted")]);
  const files = ["-inkey", at("ssl", "client.key"), "-in", at("ssl", "client.crt")];
  await execute("openssl", [
    "pkcs12",
    "-export",
    ...files,
    "-out",
    at("ssl", "client.p12"),
    "-passout",
    "pass:",
  ]);

  const folders = {
    "/etc/ssl/example/trusted": at("trusted"),
    "/etc/ssl/example/server.crt": at("ssl", "pinned.crt"),
    "/etc/ssl/example": at("ssl"),
    "/etc/ssl/certs/ca-certificates.crt": at("ssl", "ca-certificates.crt"),
    "/etc/stunnel/conf.d": at("conf.d"),
    "/var/run/": `${at("run")}/`,
    "/run/stunnel4/": `${at("run")}/`,
    "/run/redis/": `${at("run")}/`,
    "/app/vendor/stunnel/": `${at("run")}/`,
    "/tmp/stunnel/": `${at("run")}/`,
    "/tmp/": `${at("log")}/`,
    "/var/log/": `${at("log")}/`,
  };
  let count = 0;
  /** A file of the collection, for this machine. */
  const place = (name: string, placing: Placing): string => {
    const placed = at(`${count++}-${name}`);
    placeFile(join(corpus, name), placed, { ...placing, others: { ...folders, ...placing.others } });
    return placed;
  };
  /** Runs a file of the collection that accepts in one place. */
  const run = async (program: StunnelProgram, name: string, connect: readonly number[], others = {}) => {
    const port = await freePort();
    const running = await runFile(program, place(name, { accept: [port], connect, others }), port);
    return Object.assign(running, { port });
  };
  const ping = async (where: number | string, { tls }: Coming = {}, words = ["PING"]): Promise<string> => {
    const address = typeof where === "number" ? ["-p", String(where)] : ["-s", where];
    const { certificate, name = "localhost" } = tls ?? {};
    const shown =
      certificate === undefined
        ? []
        : ["--cert", at("ssl", `${certificate}.crt`), "--key", at("ssl", `${certificate}.key`)];
    const security =
      tls === undefined ? [] : ["--tls", "--sni", name, "--cacert", at("ssl", "ca.pem"), ...shown];
    const { stdout } = await execute("redis-cli", [...address, ...security, ...words]);
    return stdout.trim();
  };
  const stop = async (): Promise<void> => {
    await Promise.all([redis, mutual, strange].map((server: RedisServer) => server.stop()));
    rmSync(folder, { recursive: true });
  };
  const port = {
    plain: redis.port as number,
    tls: redis.tlsPort as number,
    mutual: mutual.tlsPort as number,
    strange: strange.tlsPort as number,
  };
  return { folder, at, port, redis, authority, place, run, ping, stop };
}
