import { join } from "node:path";
import type { CreateOptions, WaitOptions } from "../contract/options.ts";
import { projectAuthority } from "../identity/authority.ts";
import { issueCertificate } from "../identity/certificates.ts";
import { patientLock } from "../state/lock.ts";
import { checkServiceName } from "../state/names.ts";
import type { ServiceRecord } from "../state/record.ts";
import { exists } from "../state/store.ts";
import { asForked, seedOf } from "./backups.ts";
import type { Changer } from "./changer.ts";
import { draftRecord } from "./draft.ts";
import { portsOf } from "./ports.ts";
import { terminate } from "./power.ts";

/** How long another command may take to choose its ports, ms. */
const patience = 20_000;

/**
 * Makes a service and waits until it can be used. When it does not come to run, it stays, so that its log can be read.
 * @throws RedoubtError `SERVICE_EXISTS`, `SERVICE_FAILED`, and of the family `CONFIG_`
 */
export async function create(
  all: Changer,
  name: string,
  given: CreateOptions,
  wait: WaitOptions = {},
): Promise<void> {
  const { store, actor } = all;
  checkServiceName(name);
  await store.prepare();
  const found = await store.find(name);
  // Somebody was killed while it was being removed.
  if (found?.terminating === true) await terminate(all, name, wait);
  else if (found !== null) {
    if (given.orExisting !== true) throw exists(name);
    await all.order(name, { order: "ready" }, wait);
    return;
  }
  const options = await asForked(store, given);
  const seed = await seedOf(store, options);
  await using _ = await store.lock(name, actor, "service_create");
  wait.progress?.(`${name} gets its certificate and its ports.`);
  const authority = await projectAuthority(store);
  await reserved(all, options, name, async (record) => {
    await store.create(record, async (places) => {
      await issueCertificate(store.disk, places, authority, record.certificate);
      await store.disk.folder(places.logs);
      await seed?.(record, places);
    });
  });
  const { type, plan } = options;
  await store.events.add({
    actor,
    service: name,
    type: "service_create",
    description: [type, plan].filter(Boolean).join(":") || "redis",
    changes: [],
  });
  wait.progress?.(`The servers of ${name} are started.`);
  await all.order(name, { order: "ready" }, wait);
}

/** Chooses ports that no other service has; until they are written down, nobody else chooses. */
async function reserved(
  { store, actor }: Changer,
  options: CreateOptions,
  name: string,
  write: (record: ServiceRecord) => Promise<void>,
): Promise<void> {
  await using _ = await patientLock(join(store.places.locks, "ports"), actor, "choose ports", patience);
  // Which ports one has whose record is damaged nobody knows; those that are in use now are not chosen anyway.
  const others = await Promise.all((await store.names()).map((other) => store.find(other).catch(() => null)));
  const taken = new Set(others.flatMap((other) => (other === null ? [] : portsOf(other))));
  await write(await draftRecord(name, options, taken, actor));
}
