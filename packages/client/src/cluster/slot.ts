import { Buffer } from "node:buffer";
import type { Command, RedisArgument } from "../commands/command.ts";
import { keysOf } from "../commands/keys.ts";
import { isTransaction } from "../commands/transaction.ts";

/** How many slots a cluster has. */
export const slotCount = 16_384;

/** What {@link slotOfCommand} says of keys that a cluster keeps apart. */
export const severalSlots = -1;

/** CRC-16/XMODEM (polynomial 0x1021, initial value 0), as the cluster specification has it, byte by byte. */
const crcTable: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  return crc & 0xffff;
});

/**
 * The slot of a key. Where the key holds `{tag}` with something in it, only the first such tag counts.
 * Source: cluster specification, "Hash tags".
 */
export function slotOf(key: RedisArgument): number {
  if (typeof key === "number") return slotOfText(String(key));
  return typeof key === "string" ? slotOfText(key) : slotOfBytes(key);
}

/**
 * The slot to which a command goes by its keys.
 * @returns null for a command without keys, {@link severalSlots} for keys in more than one slot
 */
export function slotOfCommand(command: Command<unknown>): number | null {
  const { keys: places } = command.spec;
  if (places === null) return isTransaction(command) ? slotOfKeys(allKeysOf(command)) : null;
  if (typeof places === "object" && "first" in places && places.first === places.last) {
    const key = command.args[places.first];
    return key === undefined ? null : slotOf(key);
  }
  return slotOfKeys(keysOf(command));
}

/** All keys of a command; of a transaction, those of all its commands. */
export function allKeysOf(command: Command<unknown>): readonly RedisArgument[] {
  return isTransaction(command) ? command.queued.flatMap(keysOf) : keysOf(command);
}

function slotOfKeys(keys: readonly RedisArgument[]): number | null {
  const [first, ...others] = keys;
  if (first === undefined) return null;
  const slot = slotOf(first);
  return others.every((key) => slotOf(key) === slot) ? slot : severalSlots;
}

function slotOfText(key: string): number {
  let start = 0;
  let end = key.length;
  const open = key.indexOf("{");
  if (open !== -1) {
    const close = key.indexOf("}", open + 1);
    if (close > open + 1) {
      start = open + 1;
      end = close;
    }
  }
  let crc = 0;
  for (let i = start; i < end; i++) {
    const code = key.charCodeAt(i);
    // Only ASCII is the same in UTF-16 and in UTF-8, which is sent.
    if (code > 0x7f) return slotOfBytes(Buffer.from(key));
    crc = ((crc << 8) & 0xffff) ^ (crcTable[(crc >> 8) ^ code] as number);
  }
  return crc % slotCount;
}

function slotOfBytes(key: Uint8Array): number {
  let start = 0;
  let end = key.length;
  const open = key.indexOf(0x7b);
  if (open !== -1) {
    const close = key.indexOf(0x7d, open + 1);
    if (close > open + 1) {
      start = open + 1;
      end = close;
    }
  }
  let crc = 0;
  for (let i = start; i < end; i++) {
    crc = ((crc << 8) & 0xffff) ^ (crcTable[(crc >> 8) ^ (key[i] as number)] as number);
  }
  return crc % slotCount;
}
