import { projectAuthority } from "../identity/authority.ts";
import { issueCertificate } from "../identity/certificates.ts";
import type { Store } from "../state/store.ts";

/**
 * Gives a service a new certificate; the record names it from then on.
 * @throws RedoubtError `SERVICE_BUSY` while somebody else changes the service
 */
export async function rotateCertificate(store: Store, name: string): Promise<void> {
  await using _ = await store.lock(name, "keeper", "service_rotate_certificate");
  const before = await store.read(name);
  const certificate = before.certificate + 1;
  await issueCertificate(store.disk, store.places.service(name), await projectAuthority(store), certificate);
  const updated = new Date().toISOString();
  await store.write({ ...before, certificate, revision: before.revision + 1, updated });
  await store.events.add({
    actor: "keeper",
    service: name,
    type: "service_rotate_certificate",
    description: "a new certificate is served",
    changes: [],
  });
}
