import { Buffer } from "node:buffer";
import { command, newSpec } from "../commands/command.ts";
import type { RedoubtError } from "../errors.ts";
import type { Connection } from "../net/connection.ts";

/** What a connection tells: a message, or that a subscription has begun or ended. */
type Push = unknown[];

/** How long a connection may take to say that it has told everything, ms. */
const patience = 5000;

/** How much of what the next connection tells may wait for the old one: messages, and characters or bytes of them. */
const mostMessages = 10_000;
const mostText = 16 * 1024 * 1024;

// Besides subscribing the one command that RESP2 allows a connection that has subscribed.
const mark = command(newSpec("PING", { keys: null }), []);

/**
 * Moves a subscriber from one connection to the next without missing a message: for a moment both listen. A server
 * tells all who listen in the same order, so the last messages of the old connection are the first of the next one,
 * and those are handed on once. Where messages of that moment are equal, it may be one repetition too few.
 */
export class Handover {
  readonly #old: Connection;
  readonly #onPush: (values: Push) => void;
  #next: Connection | null = null;
  #state: "both" | "next" | "done" | "abandoned" = "both";
  /** What the old connection has told since the next one came, by subscription: those of the next one begin one by one. */
  readonly #told = new Map<string, string[]>();
  /** What the next connection has told meanwhile. */
  #kept: Push[] = [];
  #keptText = 0;

  constructor(old: Connection, onPush: (values: Push) => void) {
    this.#old = old;
    this.#onPush = onPush;
  }

  /**
   * Lets the next connection listen, and waits until nothing is missing between the two.
   * @param listen subscribes on it
   * @throws RedoubtError when the next connection is lost or refuses
   */
  async to(next: Connection, listen: () => Promise<void> | undefined): Promise<void> {
    this.#next = next;
    await listen();
    // With its answer the old one has told all that was published before the next one listened. One that is gone, or
    // half-open, tells no more.
    await this.#old.send(mark, this.#old.pushMode, patience).catch(() => {});
    if (this.#state === "both") this.#state = "next";
    // With its answer the next one has told all that the old one told last.
    await next.send(mark, next.pushMode, patience);
    this.#join();
  }

  /** It came to nothing: the old connection is listened to as before. */
  abandon(because: RedoubtError): void {
    this.#state = "abandoned";
    this.#next?.destroy(because);
  }

  /** A connection has told something. */
  take(connection: Connection, values: Push): void {
    const state = this.#state;
    if (connection === this.#old) {
      if (state === "next" || state === "done") return;
      if (this.#next !== null && isMessage(values)) add(this.#told, values);
      this.#onPush(values);
    } else if (state === "done" || (state !== "abandoned" && !isMessage(values))) {
      this.#onPush(values);
    } else if (state !== "abandoned") {
      this.#kept.push(values);
      for (const text of values) this.#keptText += (text as string | Buffer).length;
      if (this.#kept.length > mostMessages || this.#keptText > mostText) this.#join();
    }
  }

  #join(): void {
    if (this.#state === "done" || this.#state === "abandoned") return;
    this.#state = "done";
    const kept = this.#kept;
    this.#kept = [];
    const bySubscription = new Map<string, string[]>();
    for (const values of kept) add(bySubscription, values);
    const known = new Map<string, number>();
    for (const [name, texts] of bySubscription) known.set(name, overlap(this.#told.get(name) ?? [], texts));
    for (const values of kept) {
      const name = subscriptionOf(values);
      const left = known.get(name) as number;
      if (left > 0) known.set(name, left - 1);
      else this.#onPush(values);
    }
  }
}

/** How many of the last texts of the first list are the first ones of the second, at most (Knuth, Morris and Pratt). */
export function overlap(first: readonly string[], second: readonly string[]): number {
  // borders[n]: the longest list that is both at the beginning and at the end of the first n of the second, and shorter.
  const borders = [-1];
  const matchedAfter = (matched: number, text: string | undefined): number => {
    while (matched >= 0 && second[matched] !== text) matched = borders[matched] as number;
    return matched + 1;
  };
  for (let n = 1; n <= second.length; n++)
    borders.push(n === 1 ? 0 : matchedAfter(borders[n - 1] as number, second[n - 1]));
  let matched = 0;
  for (const text of first) matched = matchedAfter(matched, text);
  return matched;
}

function add(texts: Map<string, string[]>, values: Push): void {
  const name = subscriptionOf(values);
  const list = texts.get(name);
  if (list === undefined) texts.set(name, [textOf(values)]);
  else list.push(textOf(values));
}

/** The channel or pattern that was subscribed to. */
function subscriptionOf(values: Push): string {
  return textOf(values.slice(0, 2));
}

function isMessage([kind]: Push): boolean {
  return /^[ps]?message$/.test(String(kind));
}

function textOf(values: Push): string {
  // Byte by byte, so that different bytes are different texts.
  return values.map((each) => (Buffer.isBuffer(each) ? each.toString("latin1") : utf8(each))).join("\0");
}

function utf8(text: unknown): string {
  return Buffer.from(String(text)).toString("latin1");
}
