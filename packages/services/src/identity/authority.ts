import { rm } from "node:fs/promises";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { type Authority, createAuthority, openAuthority } from "@redoubt/server";
import { readIfThere } from "../state/disk.ts";
import { patientLock } from "../state/lock.ts";
import type { Store } from "../state/store.ts";

/** How long the project's CA is valid, ms: it is trusted by hand, so it is not made anew every year. */
const lifetime = 10 * 365 * 86_400_000;

/** How long another process may take to make the CA, ms. */
const patience = 20_000;

/** The project's CA: made once, then kept. Two processes that need it at the same time get the same. */
export async function projectAuthority(store: Store): Promise<Authority> {
  const kept = await keptAuthority(store);
  if (kept !== null) return kept;
  await using _ = await patientLock(join(store.places.locks, "ca"), "redoubt", "make the CA", patience);
  return (await keptAuthority(store)) ?? (await make(store));
}

/** @returns null where there is none yet */
async function keptAuthority(store: Store): Promise<Authority | null> {
  const { authority: folder, caFile } = store.places;
  const [certificate, key] = await Promise.all([readIfThere(caFile), readIfThere(join(folder, keyFile))]);
  if (certificate === null && key === null) return null;
  try {
    return await openAuthority(certificate ?? "", key ?? "");
  } catch {
    throw new RedoubtError("SERVICE_STATE", `The project's CA in ${folder} cannot be used`, {
      hint: "Put back ca.pem and ca.key as they were. Without them, remove the folder: services then need new certificates.",
    });
  }
}

const keyFile = "ca.key";

/** Certificate and key appear together: the folder is written beside and gets its name at the end. */
async function make(store: Store): Promise<Authority> {
  const { home, authority: folder } = store.places;
  const draft = join(home, ".ca.draft");
  await rm(draft, { recursive: true, force: true });
  const made = await createAuthority("Redoubt project CA", { notAfter: new Date(Date.now() + lifetime) });
  await store.disk.folder(draft);
  await store.disk.write(join(draft, keyFile), await made.key());
  await store.disk.write(join(draft, "ca.pem"), made.certificate);
  await store.disk.move(draft, folder);
  return made;
}
