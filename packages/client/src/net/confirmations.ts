/** Messages and confirmations of pub/sub. RESP3 sends them as pushes; RESP2 as replies, of which only the first word tells. */
const kinds: ReadonlySet<string> = new Set(
  ["", "p", "s"].flatMap((prefix) => ["message", "subscribe", "unsubscribe"].map((kind) => prefix + kind)),
);

/** Whether a RESP2 reply is a message or a confirmation of pub/sub. */
export function isOfPubSub(reply: unknown): reply is unknown[] {
  return Array.isArray(reply) && kinds.has(String(reply[0]));
}

/** `SUBSCRIBE` and its family are not answered: each channel is confirmed by a message. How many of those are due. */
export class Confirmations {
  /** By place in flight. */
  readonly #due = new Map<number, { readonly kind: string; left: number }>();

  /** A command was sent that names so many channels. */
  expect(at: number, command: string, channels: number): void {
    this.#due.set(at, { kind: command.toLowerCase(), left: channels });
  }

  /** The command was refused. */
  forget(at: number): void {
    if (this.#due.size > 0) this.#due.delete(at);
  }

  /**
   * A message came.
   * @param at the oldest command in flight
   * @returns whether it was the last one that this command waits for
   */
  take(at: number, message: string): boolean {
    if (this.#due.size === 0) return false;
    const due = this.#due.get(at);
    // A server that moves a slot unsubscribes its shard channels by itself: that confirms nothing.
    if (due?.kind !== message || --due.left > 0) return false;
    return this.#due.delete(at);
  }
}
