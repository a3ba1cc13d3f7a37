import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Handover, overlap } from "../../../src/client/handover.ts";
import { RedoubtError } from "../../../src/errors.ts";
import type { Connection } from "../../../src/net/connection.ts";

/** A connection of which only the answers to marks are needed. */
class Marked {
  readonly pushMode = 0;
  destroyed = false;
  #answer: { resolve: () => void; reject: (error: Error) => void } | null = null;

  send(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
    });
  }

  destroy(): void {
    this.destroyed = true;
  }

  /** The answer to the mark has come, or the connection is lost. */
  async answer(error?: Error): Promise<void> {
    await turn();
    if (error === undefined) this.#answer?.resolve();
    else this.#answer?.reject(error);
    await turn();
  }

  get connection(): Connection {
    return this as unknown as Connection;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const message = (text: string): unknown[] => ["message", "news", text];

function ground() {
  const heard: unknown[][] = [];
  const [old, next] = [new Marked(), new Marked()];
  const handover = new Handover(old.connection, (values) => heard.push(values));
  return { heard, old, next, handover, texts: () => heard.map(([, , text]) => text) };
}

describe("two connections that listen for a moment", () => {
  test("give each message once and in order, wherever the moment begins and ends", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.nat(12), fc.nat(12), fc.nat(12), fc.nat(12)),
        fc.boolean(),
        async ([before, both, late, after], quick) => {
          const { old, next, handover, texts } = ground();
          const all = Array.from({ length: before + both + late + after }, (_, i) => String(i));
          const tell = (marked: Marked, from: number, to: number): void => {
            for (const text of all.slice(from, to)) handover.take(marked.connection, message(text));
          };
          const moving = handover.to(next.connection, () => Promise.resolve());
          // The next one listens from `before` on; what the old one has of that time may be late.
          if (quick) tell(next, before, before + both);
          tell(old, 0, before + both);
          await old.answer();
          tell(old, before + both, before + both + late);
          if (!quick) tell(next, before, before + both);
          tell(next, before + both, before + both + late);
          await next.answer();
          await moving;
          tell(next, before + both + late, all.length);
          expect(texts()).toEqual(all);
        },
      ),
    );
  });

  test("may begin to listen to one thing after the other", async () => {
    const { old, next, handover, heard } = ground();
    const moving = handover.to(next.connection, () => Promise.resolve());
    const both = (text: string): unknown[][] => [message(text), ["pmessage", "n*", "news", text]];
    for (const push of ["1", "2", "3"].flatMap(both)) handover.take(old.connection, push);
    // The channel from 2 on, the pattern from 3 on.
    for (const push of [message("2"), ...both("3"), ...both("4")]) handover.take(next.connection, push);
    await old.answer();
    await next.answer();
    await moving;
    expect(heard).toEqual(["1", "2", "3", "4"].flatMap(both));
  });

  test("tell of beginning and ending subscriptions at once", async () => {
    const { heard, old, next, handover } = ground();
    void handover.to(next.connection, () => Promise.resolve());
    handover.take(next.connection, ["subscribe", "news", 1]);
    handover.take(old.connection, ["sunsubscribe", "shard", 0]);
    expect(heard).toEqual([
      ["subscribe", "news", 1],
      ["sunsubscribe", "shard", 0],
    ]);
  });

  test("that is lost before it has told everything is waited for no longer", async () => {
    const { old, next, handover, texts } = ground();
    const moving = handover.to(next.connection, () => Promise.resolve());
    handover.take(old.connection, message("1"));
    await old.answer(new RedoubtError("CLOSED_CONNECTION", "lost"));
    handover.take(next.connection, message("1"));
    handover.take(next.connection, message("2"));
    await next.answer();
    await moving;
    expect(texts()).toEqual(["1", "2"]);
  });

  test("of which the next one is lost: the old one is listened to as before", async () => {
    const { old, next, handover, texts } = ground();
    const moving = handover.to(next.connection, () => Promise.resolve());
    handover.take(next.connection, message("1"));
    handover.take(old.connection, message("1"));
    await old.answer();
    const lost = new RedoubtError("CLOSED_CONNECTION", "lost");
    const failed = moving.catch((error: unknown) => error);
    await next.answer(lost);
    expect(await failed).toBe(lost);
    handover.abandon(lost);
    handover.take(old.connection, message("2"));
    handover.take(next.connection, message("2"));
    expect(next.destroyed).toBe(true);
    expect(texts()).toEqual(["1", "2"]);
  });

  test("keep a bounded number of messages", async () => {
    const { old, next, handover, texts } = ground();
    void handover.to(next.connection, () => Promise.resolve());
    handover.take(old.connection, message("0"));
    for (let i = 0; i < 20_000; i++) handover.take(next.connection, message(String(i)));
    // It came to more than may wait: from then on the next one is listened to.
    expect(texts()).toEqual(Array.from({ length: 20_000 }, (_, i) => String(i)));
  });

  test("may say the same as strings and as Buffers", async () => {
    const { old, next, handover, heard } = ground();
    const moving = handover.to(next.connection, () => Promise.resolve());
    handover.take(old.connection, message("ü"));
    handover.take(
      next.connection,
      message("ü").map((text) => Buffer.from(String(text))),
    );
    await old.answer();
    await next.answer();
    await moving;
    expect(heard).toEqual([message("ü")]);
  });
});

describe("overlap", () => {
  test.each([
    ["", "", 0],
    ["abc", "", 0],
    ["", "abc", 0],
    ["abc", "cde", 1],
    ["abc", "bcd", 2],
    ["abc", "abc", 3],
    ["abc", "abcd", 3],
    ["zabc", "abc", 3],
    ["aaa", "aa", 2],
    ["aab", "aaba", 3],
    ["abab", "abac", 2],
    ["abc", "xyz", 0],
    ["cab", "ca", 0],
  ])("%s, %s: %i", (first, second, count) => {
    expect(overlap([...first], [...second])).toBe(count);
  });

  test("is the longest one there is", () => {
    const letters = fc.array(fc.constantFrom("a", "b"), { maxLength: 12 });
    fc.assert(
      fc.property(letters, letters, (first, second) => {
        let count = Math.min(first.length, second.length);
        while (first.slice(first.length - count).join() !== second.slice(0, count).join()) count--;
        expect(overlap(first, second)).toBe(count);
      }),
    );
  });
});
