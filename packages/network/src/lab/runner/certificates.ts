import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineName } from "../machines.ts";
import type { LabPlan } from "../plan.ts";
import { revocationUrl } from "../plan.ts";
import { certificateFiles } from "./caches.ts";

/**
 * Makes an authority, a certificate for each cache as Azure has them (its name, and a wildcard for names beside it), and the
 * list of revoked ones, which is empty.
 */
export async function writeCertificates(folder: string, { network }: LabPlan): Promise<void> {
  const { createAuthority } = await import("@redoubt/server");
  const authority = await createAuthority("Redoubt laboratory");
  const write = (path: string, content: string | Buffer) => writeFileSync(path, content, { mode: 0o600 });
  write(join(folder, "ca.pem"), authority.certificate);
  const list = await authority.revoke([]);
  write(join(folder, "lab.crl"), Buffer.from(list.replaceAll(/-----[^-]+-----|\s/g, ""), "base64"));
  for (const { name, hostName } of network.caches) {
    const host = hostName ?? name;
    const { certFile, keyFile } = certificateFiles(folder, machineName(name));
    const issued = await authority.issue({
      names: [host, host.replace(/^[^.]+/, "*")],
      revocationList: revocationUrl,
    });
    write(certFile, issued.certificate);
    write(keyFile, issued.key);
  }
}
