import { RedoubtError } from "@redoubt/client";
import type { WaitOptions } from "../contract/options.ts";
import { NobodyListens } from "../orders/caller.ts";
import type { Changer } from "./changer.ts";
import { untilLeft } from "./keeper-process.ts";

/** How long the servers of a service may take to end, ms: they write a last snapshot. */
const endLimit = 120_000;

/**
 * Ends a service and removes everything of it. What is left of it by a command that was killed is removed, too.
 * @throws RedoubtError `SERVICE_UNKNOWN`, `SERVICE_BUSY`, `SERVICE_PROTECTED`
 */
export async function terminate(all: Changer, name: string, wait: WaitOptions = {}): Promise<void> {
  const { store, actor } = all;
  const found = await store.find(name);
  if (found === null) await store.read(name);
  await using _ = await store.lock(name, actor, "service_terminate");
  const record = (await store.find(name)) ?? (await store.read(name));
  if (record.terminationProtection)
    throw new RedoubtError("SERVICE_PROTECTED", `The service ${name} is protected against termination`);
  await store.write({ ...record, terminating: true, power: "off", revision: record.revision + 1 });
  await end(all, name, wait);
  await store.remove(name);
  await store.events.add({
    actor,
    service: name,
    type: "service_terminate",
    description: "removed",
    changes: [],
  });
}

/** @throws RedoubtError `SERVICE_UNKNOWN`, `SERVICE_BUSY`, `SERVICE_PROTECTED` */
export async function powerOff(all: Changer, name: string, wait: WaitOptions = {}): Promise<void> {
  const told = { type: "service_power_off", description: "powered off" };
  await all.change(
    name,
    told,
    async (record) => {
      if (record.terminationProtection)
        throw new RedoubtError("SERVICE_PROTECTED", `The service ${name} is protected: it stays on`);
      if (record.power === "on") await end(all, name, wait, true);
      return { ...record, power: "off" };
    },
    wait,
  );
}

/** @throws RedoubtError `SERVICE_UNKNOWN`, `SERVICE_BUSY`, `SERVICE_FAILED` */
export async function powerOn(all: Changer, name: string, wait: WaitOptions = {}): Promise<void> {
  const told = { type: "service_power_on", description: "powered on" };
  await all.change(name, told, (record) => ({ ...record, power: "on" }), wait);
  await all.order(name, { order: "ready" }, wait);
}

/** Has the servers ended, also when the keeper is gone: another one takes them up to end them. */
async function end(all: Changer, name: string, wait: WaitOptions, backup = false): Promise<void> {
  try {
    await all.order(name, { order: "stop", arguments: { backup } }, { timeout: endLimit, ...wait });
  } catch (error) {
    if (!(error instanceof NobodyListens)) throw error;
  }
  await untilLeft(all.store.places.service(name), endLimit);
}
