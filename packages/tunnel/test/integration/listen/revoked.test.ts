import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createAuthority } from "@redoubt/server";
import { expect, test } from "vitest";
import { answering, folder, pair, sayTls } from "./listening.ts";

const run = promisify(execFile);

/** Issues certificates as an operator does, with openssl: only it keeps a list of revoked ones. */
async function clients(path: string) {
  const openssl = (...words: string[]) => run("openssl", words, { cwd: path });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
  await openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-subj",
    "/CN=Clients",
    ...usage,
  );
  await writeFile(join(path, "index.txt"), "");
  await writeFile(join(path, "number"), "01\n");
  await writeFile(
    join(path, "ca.cnf"),
    "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=1\n",
  );
  const signing = ["-config", "ca.cnf", "-cert", "ca.crt", "-keyfile", "ca.key"];
  return {
    issue: async (name: string) => {
      await openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
      const by = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1"];
      await openssl("x509", "-req", "-in", `${name}.csr`, ...by, "-out", `${name}.crt`);
      const [cert, own] = await Promise.all(
        [`${name}.crt`, `${name}.key`].map((file) => readFile(join(path, file))),
      );
      return { cert, key: own };
    },
    revoke: (name: string) => openssl("ca", ...signing, "-revoke", `${name}.crt`),
    list: () => openssl("ca", ...signing, "-gencrl", "-out", "revoked.pem"),
  };
}

test("a revoked client certificate is refused as soon as the list says so, resumed sessions included", async () => {
  await using files = await folder();
  const authority = await createAuthority();
  const served = await pair(files.path, "server", authority);
  const issuer = await clients(files.path);
  const [good, bad] = [await issuer.issue("good"), await issuer.issue("bad")];
  await issuer.list();
  using listening = await answering({
    tls: {
      certificates: [served],
      clientCertificates: "required",
      clientCaFile: join(files.path, "ca.crt"),
      clientCrlFile: join(files.path, "revoked.pem"),
      ticketKeys: Buffer.alloc(48, 3),
    },
  });
  const say = (more: object) => sayTls({ ca: authority.certificate, port: listening.port, ...more });
  expect((await say(good)).answer).toContain('"commonName":"good"');
  const before = await say(bad);
  expect(before.answer).toContain('"commonName":"bad"');
  await issuer.revoke("bad");
  await issuer.list();
  expect(await listening.listener.reload()).toBeNull();
  expect((await say(bad)).answer).toBe("-ERR client certificate refused: CERT_REVOKED\r\n");
  expect((await say({ session: before.session })).answer).toBe(
    "-ERR client certificate refused: none was shown\r\n",
  );
  expect((await say(good)).answer).toContain('"commonName":"good"');
});
