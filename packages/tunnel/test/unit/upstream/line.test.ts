import { PassThrough } from "node:stream";
import type { Dialled, RedoubtError } from "@redoubt/client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Line } from "../../../src/upstream/line.ts";
import type { Taker } from "../../../src/upstream/turns.ts";

type Reader = (chunk: Buffer, length: number) => void;

/** What Node reads to where nobody says otherwise; the same memory again and again. */
const common = Buffer.alloc(64 * 1024);

/** The reading end of a connection, worked by hand: as Node does, it reads again to where it has read before. */
class Hand {
  readonly socket = new PassThrough().resume();
  #reader: Reader = () => {};
  #place: () => Buffer | null = () => null;
  #next: Buffer = common;

  get dialled(): Dialled {
    const wire = {
      read: (reader: Reader, place: () => Buffer | null) => {
        this.#reader = reader;
        this.#place = place;
      },
    };
    const report = { address: "server:1", protocol: 3 };
    const close = (): void => void this.socket.destroy();
    return { wire, socket: this.socket, report, login: null, close } as unknown as Dialled;
  }

  deliver(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const length = bytes.copy(this.#next, 0, at);
      this.#reader(this.#next, length);
      at += length;
      this.#next = this.#place() ?? common;
      // The next read may come at any time.
      this.#next.fill("?");
    }
  }
}

/** Takes replies, and either is done with the bytes at once or holds them until the end. */
class Collector implements Taker {
  readonly wantsWhole: boolean;
  readonly #parts: Buffer[] = [];
  readonly #keeps: () => boolean;
  ended = 0;
  lostCount = 0;
  wasCut = false;

  constructor(wantsWhole: boolean, keeps: () => boolean) {
    this.wantsWhole = wantsWhole;
    this.#keeps = keeps;
  }

  take(bytes: Buffer, ended: number): boolean {
    if (this.lostCount > 0) throw new Error("given after it was lost");
    if (this.wantsWhole && ended !== 1) throw new Error(`${ended} replies at once`);
    this.ended += ended;
    const isKept = this.#keeps();
    this.#parts.push(isKept ? bytes : Buffer.from(bytes));
    return isKept;
  }

  lost(_error: RedoubtError, due: number, isCut: boolean): void {
    this.lostCount += due;
    this.wasCut ||= isCut;
  }

  get text(): string {
    return Buffer.concat(this.#parts).toString("latin1");
  }
}

/** Replies, each with a number of its own in it. */
const makers: readonly ((id: number, size: number) => string)[] = [
  (id) => `+${id}\r\n`,
  (id) => `:${id}\r\n`,
  (id) => `-ERR ${id} did not work\r\n`,
  (id, size) => {
    const text = `${id} `.repeat(size);
    return `$${text.length}\r\n${text}\r\n`;
  },
  (id) => `*3\r\n:${id}\r\n-ERR inside\r\n*1\r\n$${String(id).length}\r\n${id}\r\n`,
  (id) => `%1\r\n+${id}\r\n*-1\r\n`,
  (id) => `|1\r\n+ttl\r\n:1\r\n:${id}\r\n`,
  () => "$-1\r\n",
  () => "_\r\n",
];

const turn = fc.record({
  who: fc.nat(4),
  make: fc.nat(makers.length - 1),
  size: fc.oneof({ weight: 9, arbitrary: fc.nat(40) }, fc.constantFrom(4000, 12_000)),
  push: fc.boolean(),
});
const talk = fc.record({
  turns: fc.array(turn, { minLength: 1, maxLength: 25 }),
  cuts: fc.array(fc.nat(), { maxLength: 12 }),
  keeps: fc.infiniteStream(fc.boolean()),
  listens: fc.boolean(),
});

function play(
  { turns, cuts, keeps, listens }: typeof talk extends fc.Arbitrary<infer T> ? T : never,
  broken: { readonly at: number; readonly isWrong: boolean } | null,
) {
  const hand = new Hand();
  const line = new Line(hand.dialled, { onClose: () => {} });
  const keep = (): boolean => keeps.next().value as boolean;
  // The last two look into their replies.
  const takers = Array.from({ length: 5 }, (_, i) => new Collector(i > 2, i > 2 ? () => true : keep));
  const expected = takers.map(() => [] as string[]);
  const pushes: Buffer[] = [];
  if (listens)
    line.unasked = {
      takeUnasked: (bytes, isPush) => {
        expect(isPush).toBe(true);
        pushes.push(bytes);
        return true;
      },
      lineEnded: () => {},
    };
  let stream = "";
  const sentPushes: string[] = [];
  const borders = [0];
  turns.forEach(({ who, make, size, push }, id) => {
    line.send(Buffer.from("PING\r\n"), 1, takers[who] as Collector);
    const reply = (makers[make] as (typeof makers)[number])(id, size);
    (expected[who] as string[]).push(reply);
    if (push) {
      sentPushes.push(`>2\r\n+news\r\n:${id}\r\n`);
      stream += sentPushes.at(-1);
    }
    stream += reply;
    borders.push(stream.length);
  });
  let bytes = Buffer.from(stream, "latin1");
  if (broken?.isWrong === true)
    bytes = Buffer.concat([bytes.subarray(0, borders[broken.at % borders.length]), Buffer.from("?")]);
  else if (broken !== null) bytes = bytes.subarray(0, broken.at % bytes.length);
  const places = cuts.map((cut) => cut % (bytes.length + 1));
  let from = 0;
  for (const to of [...places, bytes.length].toSorted((a, b) => a - b)) {
    hand.deliver(bytes.subarray(from, to));
    from = to;
  }
  return { line, takers, expected, pushes: listens ? Buffer.concat(pushes).toString() : null, sentPushes };
}

test("replies come to those whose turn it is, however they are cut, though the memory is read to again", () => {
  fc.assert(
    fc.property(talk, (what) => {
      const { line, takers, expected, pushes, sentPushes } = play(what, null);
      takers.forEach((taker, i) => {
        expect(taker.text).toBe(expected[i]?.join(""));
        expect(taker.ended).toBe(expected[i]?.length);
      });
      if (pushes !== null) expect(pushes).toBe(sentPushes.join(""));
      expect(line.due).toBe(0);
      line.close();
    }),
    { numRuns: 300 },
  );
});

test("whatever comes in the middle of replies, each is given or lost, and nobody is given what is not his", () => {
  fc.assert(
    fc.property(talk, fc.nat(), fc.boolean(), (what, at, isWrong) => {
      const { line, takers, expected } = play(what, { at, isWrong });
      expect(line.isOpen).toBe(!isWrong);
      line.close();
      let cut = 0;
      takers.forEach((taker, i) => {
        const mine = expected[i] as string[];
        expect(taker.ended + taker.lostCount).toBe(mine.length);
        const whole = mine.slice(0, taker.ended).join("");
        if (taker.wasCut) {
          cut++;
          expect(taker.text.length).toBeGreaterThan(whole.length);
          expect(mine.join("").startsWith(taker.text)).toBe(true);
        } else expect(taker.text).toBe(whole);
      });
      expect(cut).toBeLessThanOrEqual(isWrong ? 0 : 1);
    }),
    { numRuns: 300 },
  );
});

test("replies that have come before something broken are given, and only the others are lost", () => {
  const hand = new Hand();
  const line = new Line(hand.dialled, { onClose: () => {} });
  const taker = new Collector(false, () => false);
  line.send(Buffer.from("PING\r\n".repeat(4)), 4, taker);
  hand.deliver(Buffer.from("+one\r\n$5\r\nt"));
  hand.deliver(Buffer.from("wo 2\r\n+3\r\n?"));
  expect(taker.text).toBe("+one\r\n$5\r\ntwo 2\r\n+3\r\n");
  expect([taker.ended, taker.lostCount, taker.wasCut]).toEqual([3, 1, false]);
  expect(line.isOpen).toBe(false);
});

test("one whose reply had begun is told so, nobody else", () => {
  const hand = new Hand();
  const line = new Line(hand.dialled, { onClose: () => {} });
  const [first, second] = [new Collector(false, () => false), new Collector(false, () => false)];
  line.send(Buffer.from("PING\r\n"), 1, first);
  line.send(Buffer.from("PING\r\nPING\r\n"), 2, second);
  hand.deliver(Buffer.from("$5\r\nfir"));
  hand.deliver(Buffer.from("st\r\n?"));
  expect([first.ended, first.lostCount, first.wasCut]).toEqual([1, 0, false]);
  expect([second.text, second.ended, second.lostCount, second.wasCut]).toEqual(["", 0, 2, false]);
});
