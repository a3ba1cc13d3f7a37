import { Buffer } from "node:buffer";

/** Takes a message and the channel that it came through: strings, or Buffers in buffer mode. */
export type PubSubListener<Text extends string | Buffer = string> = (message: Text, channel: Text) => unknown;

interface Entry {
  readonly strings: readonly PubSubListener[];
  readonly buffers: readonly PubSubListener<Buffer>[];
}

const nobody: Entry = { strings: [], buffers: [] };

/** Who listens to which channels, or patterns. */
export class Listeners {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** The channels somebody listens to. */
  get channels(): string[] {
    return [...this.#entries.keys()];
  }

  /** Whether somebody wants Buffers. */
  get wantsBuffers(): boolean {
    for (const { buffers } of this.#entries.values()) if (buffers.length > 0) return true;
    return false;
  }

  has(channel: string): boolean {
    return this.#entries.has(channel);
  }

  add(channel: string, listener: PubSubListener<never>, buffers: boolean): void {
    const key = buffers ? "buffers" : "strings";
    const entry = this.#entries.get(channel) ?? nobody;
    const others = entry[key].filter((each) => each !== listener);
    this.#entries.set(channel, { ...entry, [key]: [...others, listener] });
  }

  /**
   * @param listener undefined: all of the channel
   * @returns whether nobody listens to the channel any more, and somebody did before
   */
  remove(channel: string, listener?: PubSubListener<never>, buffers = false): boolean {
    const entry = this.#entries.get(channel);
    if (entry === undefined) return false;
    const key = buffers ? "buffers" : "strings";
    const left =
      listener === undefined ? nobody : { ...entry, [key]: entry[key].filter((each) => each !== listener) };
    if (left.strings.length + left.buffers.length === 0) return this.#entries.delete(channel);
    this.#entries.set(channel, left);
    return false;
  }

  /**
   * Hands on a message. A listener that throws does not keep it from the others; its error is thrown for nobody to
   * catch, as Node does with listeners of an `EventTarget`.
   * @param name of the channel or pattern it was subscribed by
   */
  deliver(name: unknown, message: unknown, channel: unknown): void {
    // Whoever comes or goes meanwhile makes a new entry: this list stays as it is.
    const entry = this.#entries.get(String(name));
    if (entry === undefined) return;
    if (entry.strings.length > 0) call(entry.strings, String(message), String(channel));
    if (entry.buffers.length > 0) call(entry.buffers, toBuffer(message), toBuffer(channel));
  }
}

function call<Text extends string | Buffer>(
  listeners: readonly PubSubListener<Text>[],
  message: Text,
  channel: Text,
): void {
  for (const listener of listeners) {
    try {
      listener(message, channel);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }
}

function toBuffer(text: unknown): Buffer {
  return Buffer.isBuffer(text) ? text : Buffer.from(String(text));
}
