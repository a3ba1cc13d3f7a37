/** Bytes of `message`, `pmessage` and `smessage`: kinds of pushes that confirm nothing are this short. */
const longestMessageKind = 8;

type Family = "" | "p" | "s";

interface Expected {
  readonly family: Family;
  /** Confirmations to come; null: until no subscription of the family is left. */
  left: number | null;
}

/**
 * The subscriptions of one client: how many there are, and what of its own commands is not confirmed yet. With it the tunnel
 * knows when a subscriber is one no more, and where a command of its own may stand.
 */
export class Subscriptions {
  #channels = 0;
  #patterns = 0;
  #shards = 0;
  #expected: Expected[] = [];

  /** Whether there are any, or a command about them is under way. */
  get isActive(): boolean {
    return this.count > 0 || this.isUnsettled;
  }

  get count(): number {
    return this.#channels + this.#patterns + this.#shards;
  }

  /** Whether a command is not confirmed yet. */
  get isUnsettled(): boolean {
    return this.#expected.length > 0;
  }

  /** A command was sent. @param names how many channels or patterns it names */
  sent(command: string, names: number): void {
    const family = familyOf(command);
    const left = names === 0 ? null : names;
    this.#expected.push({ family, left });
  }

  /** A command was refused. */
  refused(): void {
    this.#expected.shift();
  }

  /**
   * A push has come.
   * @returns whether it was a confirmation
   */
  noted(push: Buffer): boolean {
    const start = push.indexOf(10) + 1;
    const after = push.indexOf(10, start) + 1;
    const length = Number(push.toString("latin1", start + 1, after - 2));
    if (length <= longestMessageKind || push[start] !== 36) return false;
    const kind = push.toString("latin1", after, after + length);
    if (!kind.endsWith("subscribe")) return false;
    const count = Number(
      /:(\d+)\r\n$/.exec(push.toString("latin1", Math.max(0, push.length - 24)))?.[1] ?? 0,
    );
    const family = familyOf(kind);
    this.#counted(family, count);
    const first = this.#expected[0];
    // The server may unsubscribe by itself: shard channels whose slot has moved.
    if (first === undefined || first.family !== family) return true;
    if (first.left === null ? this.#of(family) === 0 : --first.left === 0) this.#expected.shift();
    return true;
  }

  /** Redis counts channels and patterns together, shard channels apart. */
  #counted(family: Family, count: number): void {
    if (family === "s") this.#shards = count;
    else if (family === "p") this.#patterns = Math.max(0, count - this.#channels);
    else this.#channels = Math.max(0, count - this.#patterns);
  }

  #of(family: Family): number {
    return family === "s" ? this.#shards : family === "p" ? this.#patterns : this.#channels;
  }
}

function familyOf(kind: string): Family {
  const first = kind[0]?.toLowerCase();
  if (first === "p") return "p";
  return first === "s" && kind[1]?.toLowerCase() === "s" ? "s" : /^sunsub/i.test(kind) ? "s" : "";
}

/** A push in the words of RESP2, where messages are arrays. The bytes are changed in place where that is enough. */
export function asArray(push: Buffer): Buffer {
  push[0] = 42;
  const nothing = push.indexOf("\r\n_\r\n");
  // Only `unsubscribe` without any subscription has nothing in it, right behind its kind.
  if (nothing < 0 || nothing > 24) return push;
  return Buffer.concat([push.subarray(0, nothing + 2), Buffer.from("$-1"), push.subarray(nothing + 3)]);
}

const invalidation = ">2\r\n$10\r\ninvalidate\r\n";
const invalidationMessage = Buffer.from("*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n");

/**
 * The news that keys have changed, told to a subscriber of RESP2 on behalf of another connection (`CLIENT TRACKING … REDIRECT`): a
 * message there, a push in RESP3. Null for other pushes. Source: Redis' `sendTrackingMessage`.
 */
export function asInvalidation(push: Buffer): Buffer | null {
  if (push.toString("latin1", 0, invalidation.length) !== invalidation) return null;
  const keys = push.subarray(invalidation.length);
  // All keys at once are nothing: `_` in RESP3.
  return Buffer.concat([invalidationMessage, keys[0] === 95 ? Buffer.from("$-1\r\n") : keys]);
}

/** The reply to PING in the words that RESP2 has for subscribers. */
export function asPong(reply: Buffer): Buffer {
  if (reply[0] === 45) return reply;
  const head = "*2\r\n$4\r\npong\r\n";
  return reply[0] === 43 ? Buffer.from(`${head}$0\r\n\r\n`) : Buffer.concat([Buffer.from(head), reply]);
}
