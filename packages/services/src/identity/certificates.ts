import { X509Certificate } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import type { Authority, IssuedCertificate } from "@redoubt/server";
import type { ServiceCertificate } from "../contract/service.ts";
import type { Disk } from "../state/disk.ts";
import type { ServicePlaces } from "../state/places.ts";

/** How long a certificate of a service is valid, ms. */
const lifetime = 365 * 86_400_000;

/** A certificate is exchanged when it is valid no longer than that, ms. */
export const renewBefore = 30 * 86_400_000;

/** Paths of the certificate of a service, PEM. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Names that the certificate of a service is for. `NAME.localhost` leads to this machine in most resolvers (RFC 6761). */
export function certificateNames(name: string): string[] {
  return ["localhost", `${name}.localhost`, "127.0.0.1", "::1"];
}

/** Where the certificate of that number lies. A new one has new names: servers take no notice of files of the same name. */
export function certificateFiles(places: ServicePlaces, number: number): CertificateFiles {
  const base = join(places.certificates, `server-${number}`);
  return { certFile: `${base}.pem`, keyFile: `${base}.key` };
}

/** Issues the certificate of that number for a service and writes it down. */
export async function issueCertificate(
  disk: Disk,
  places: ServicePlaces,
  authority: Authority,
  number: number,
): Promise<void> {
  const issued = await authority.issue({
    names: certificateNames(places.name),
    commonName: places.name,
    notAfter: new Date(Date.now() + lifetime),
  });
  const { certFile, keyFile } = certificateFiles(places, number);
  await disk.folder(places.certificates);
  await disk.write(keyFile, issued.key);
  await disk.write(certFile, issued.certificate);
}

/** Certificate and key of a user, who shows them where the service asks for client certificates. */
export function issueUserCertificate(authority: Authority, username: string): Promise<IssuedCertificate> {
  return authority.issue({
    names: [],
    commonName: username,
    usage: ["client"],
    notAfter: new Date(Date.now() + lifetime),
  });
}

/** What the certificate of that number says. @throws RedoubtError `SERVICE_STATE` when it is not there */
export async function readCertificate(places: ServicePlaces, number: number): Promise<ServiceCertificate> {
  const { certFile } = certificateFiles(places, number);
  const x509 = await readFile(certFile)
    .then((pem) => new X509Certificate(pem))
    .catch((cause: unknown) => {
      throw new RedoubtError("SERVICE_STATE", `${certFile} is not the certificate that Redoubt wrote`, {
        cause,
      });
    });
  return {
    expires: new Date(x509.validTo).toISOString(),
    fingerprint: x509.fingerprint256,
    names: certificateNames(places.name),
    rotations: number - 1,
  };
}

/** Removes certificates older than that of the number. */
export async function removeOlder(places: ServicePlaces, number: number): Promise<void> {
  for (const entry of await readdir(places.certificates)) {
    const [, found] = /^server-(\d+)\./.exec(entry) ?? [];
    if (found !== undefined && Number(found) < number)
      await rm(join(places.certificates, entry), { force: true });
  }
}
