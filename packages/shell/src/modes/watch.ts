import type { TypedReply } from "@redoubt/client/protocol";
import { toBytes } from "../line/bytes.ts";
import { formatPush, formatReply } from "../reply/format.ts";
import { errorText } from "../reply/text.ts";
import type { Scene } from "./scene.ts";

const subscribing: ReadonlySet<string> = new Set(["subscribe", "psubscribe", "ssubscribe"]);
const unsubscribing: ReadonlySet<string> = new Set(["unsubscribe", "punsubscribe", "sunsubscribe"]);

/** Whether a command (lower case) is answered by confirmations, and messages follow. */
export function isSubscribing(name: string): boolean {
  return subscribing.has(name);
}

/** Whether a command (lower case) is answered by confirmations. */
export function isUnsubscribing(name: string): boolean {
  return unsubscribing.has(name);
}

/**
 * Sends SUBSCRIBE or one of its kin and prints the confirmations: one for each channel, in RESP3 as pushes.
 * @returns whether it was confirmed
 */
export async function confirmations(
  { session, out, format, signal }: Scene,
  words: readonly string[],
): Promise<boolean> {
  const line = await session.open();
  line.send(words.map(toBytes));
  for (let missing = Math.max(1, words.length - 1); missing > 0; ) {
    const { value } = await line.next(signal);
    await out.write(formatReply(value, format));
    if (errorText(value) !== null) return false;
    // Messages of other channels may come between.
    if (session.state.noteConfirmation(value)) missing--;
  }
  return true;
}

/** Subscribes, and prints messages until it is interrupted or the connection ends. */
export async function watchSubscription(scene: Scene, words: readonly string[]): Promise<void> {
  const { session, out, format, signal } = scene;
  if (format.name !== "raw") await out.write("Reading messages... (press Ctrl-C to quit)\n");
  if (!(await confirmations(scene, words))) return;
  const line = await session.open();
  for (;;) {
    const { value, isPush } = await line.next(signal);
    await out.write(isPush ? formatPush(value as readonly TypedReply[], format) : formatReply(value, format));
  }
}

/** Prints what MONITOR tells, until it is interrupted or the connection ends. */
export async function watchMonitor({ session, out, format }: Scene, words: readonly string[]): Promise<void> {
  let reply = await session.ask(words);
  for (;;) {
    await out.write(formatReply(reply, format));
    if (errorText(reply) !== null) return;
    reply = await session.reply();
  }
}
