import { setTimeout as delay } from "node:timers/promises";
import type { ControlConnection, RedisServer } from "@redoubt/server";

/** How many keys go at a time. */
const batch = "3";
/** How long a slot then rests with some keys here and some there, ms: long enough for `ASK` and `TRYAGAIN`. */
const halfWay = 20;

/** The slots that a primary serves and that have keys. */
export async function slotsWithKeys(server: RedisServer): Promise<string[]> {
  using control = await server.control();
  const id = await control.call("CLUSTER", "MYID");
  const ranges = (await control.call("CLUSTER", "SLOTS")) as [number, number, [string, number, string]][];
  const served = ranges
    .filter(([, , primary]) => primary[2] === id)
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => String(first + at)));
  const found: string[] = [];
  for (const slot of served)
    if (Number(await control.call("CLUSTER", "COUNTKEYSINSLOT", slot)) > 0) found.push(slot);
  return found;
}

/**
 * Moves slots from one primary to another, as `redis-cli --cluster reshard` does.
 * @returns how many keys went along
 */
export async function moveSlots(
  slots: readonly string[],
  from: RedisServer,
  to: RedisServer,
): Promise<number> {
  using source = await from.control();
  using target = await to.control();
  const here = String(await source.call("CLUSTER", "MYID"));
  const there = String(await target.call("CLUSTER", "MYID"));
  let moved = 0;
  for (const slot of slots) {
    await target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", here);
    await source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", there);
    for (let keys = await moveKeys(slot, source, to); keys > 0; keys = await moveKeys(slot, source, to)) {
      moved += keys;
      await delay(halfWay);
    }
    await target.call("CLUSTER", "SETSLOT", slot, "NODE", there);
    await source.call("CLUSTER", "SETSLOT", slot, "NODE", there);
  }
  return moved;
}

/** Moves some keys of a slot. @returns how many */
async function moveKeys(slot: string, source: ControlConnection, to: RedisServer): Promise<number> {
  const keys = (await source.call("CLUSTER", "GETKEYSINSLOT", slot, batch)) as string[];
  if (keys.length === 0) return 0;
  const { address, tlsPort, port, password } = to;
  const login = password === null ? [] : ["AUTH", password];
  await source.call("MIGRATE", address, String(tlsPort ?? port), "", "0", "5000", ...login, "KEYS", ...keys);
  return keys.length;
}
