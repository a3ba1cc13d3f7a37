import fc from "fast-check";
import { expect, test } from "vitest";
import { CommandScanner } from "../../../src/resp/command-scanner.ts";
import { ProtocolError } from "../../../src/resp/protocol-error.ts";
import { ReplyScanner } from "../../../src/resp/reply-scanner.ts";
import { commandOf } from "../../../src/resp/words.ts";

// Both scanners walk what is short and whole in one step, and all else byte by byte: fed one byte at a time they never take
// the short way. Wherever a stream is cut, and whatever is in it, the two have to agree, errors included.

/** What a scanner makes of a stream: where things end, what is known of each, and what is wrong in the end. */
type Walked = string;

interface Scanner {
  readonly isWithin: boolean;
  next(chunk: Uint8Array, at: number, end: number): number;
}

/** @param margin bytes that stand behind each chunk in the same memory, and belong to nobody */
function walk<S extends Scanner>(
  scanner: S,
  stream: Buffer,
  cuts: readonly number[],
  known: (scanner: S) => unknown,
  margin = Buffer.alloc(0),
): Walked {
  const found: unknown[] = [];
  let from = 0;
  try {
    for (const to of [...cuts, stream.length]) {
      const chunk = Buffer.concat([stream.subarray(from, to), margin]);
      const length = to - from;
      let at = 0;
      while (at < length) {
        const end = scanner.next(chunk, at, length);
        if (end < 0) break;
        if (end <= at || end > length) throw new Error(`from ${at} to ${end} of ${length}`);
        found.push([from + end, known(scanner)]);
        at = end;
      }
      from = to;
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return JSON.stringify([...found, error.message]);
  }
  return JSON.stringify([...found, scanner.isWithin]);
}

const pieces = [
  ..."+-:,#_($=!*~>%|0123456789\r\n",
  ..."\r\n|$0\r\n\r\n|$1\r\na\r\n|$05\r\nhello\r\n|$00\r\n\r\n|$-1\r\n|$-0\r\n|$99\r\n|$100\r\n|$9\r\n|$5\nhello\r\n".split(
    "|",
  ),
  ..."*0\r\n|*1\r\n|*2\r\n|*9\r\n|*10\r\n|*-1\r\n|*01\r\n|*2\n|*\r\n|$\r\n|$ 1\r\n|$1 \r\n|$+1\r\n|$1\r\r\n".split(
    "|",
  ),
  ..."|1\r\n;%1\r\n;%0\r\n;|0\r\n;>2\r\n;>0\r\n;~1\r\n;~-1\r\n;%-1\r\n;|-1\r\n;=8\r\ntxt:abcd\r\n;!3\r\nERR\r\n".split(
    ";",
  ),
  ..."+OK\r\n|-ERR no\r\n|:12\r\n|_\r\n|#t\r\n|,1.5\r\n|(12\r\n|+\n|+a\rb\r\n|PING\r\n|get a\n|$3\r\nGET\r\n".split(
    "|",
  ),
  `+${"x".repeat(28)}\r\n`,
  `+${"x".repeat(29)}\r\n`,
  `+${"x".repeat(30)}\r\n`,
  `+${"x".repeat(31)}\r\n`,
  `$99\r\n${"y".repeat(99)}\r\n`,
  `$100\r\n${"y".repeat(100)}\r\n`,
].map((text) => Buffer.from(text, "latin1"));

const word = fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes));
const command = fc.array(word, { minLength: 1, maxLength: 11 }).map((words) => commandOf(words));
const bulk = word.map((bytes) =>
  Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n")]),
);
const odd = fc.constantFrom(...pieces);
const whole = fc
  .array(fc.oneof({ weight: 3, arbitrary: odd }, command, bulk), { minLength: 1, maxLength: 12 })
  .map((parts) => Buffer.concat(parts));

/** A stream in which some bytes were changed, left out or put in. */
const stream = fc
  .tuple(
    whole,
    fc.array(fc.tuple(fc.nat(), odd, fc.constantFrom("put in", "left out", "changed")), { maxLength: 3 }),
  )
  .map(([bytes, changes]) => {
    let changed = bytes;
    for (const [place, piece, kind] of changes) {
      const at = place % (changed.length + 1);
      const put = kind === "left out" ? Buffer.alloc(0) : kind === "changed" ? piece.subarray(0, 1) : piece;
      const rest = changed.subarray(kind === "put in" ? at : at + 1);
      changed = Buffer.concat([changed.subarray(0, at), put, rest]);
    }
    return changed;
  });

/** Bytes that would end whatever is open, were they looked at. */
const margin = Buffer.from("\r\n0\r\n$0\r\n\r\n".repeat(8));
const singly = (bytes: Buffer): number[] => [...bytes.keys()].slice(1);
const runs = { numRuns: 150 };

const aboutCommand = ({ count, isInline, isEmpty }: CommandScanner): unknown => ({
  count,
  isInline,
  isEmpty,
});
/** Compares many thousand times, and says what differs only where something does. */
function agree(walked: Walked, expected: Walked): void {
  if (walked !== expected) expect(walked).toBe(expected);
}
const nothing = (): null => null;

test("commands end at the same places on the short way and step by step, at every split of odd and broken bytes", () => {
  fc.assert(
    fc.property(stream, (bytes) => {
      const expected = walk(new CommandScanner(), bytes, singly(bytes), aboutCommand);
      for (let cut = 0; cut < bytes.length; cut++)
        agree(walk(new CommandScanner(), bytes, [cut], aboutCommand, margin), expected);
    }),
    runs,
  );
});

test("the name of a command stands at the same place on the short way and step by step", () => {
  const short = (): CommandScanner => new CommandScanner();
  const long = (): CommandScanner => {
    const scanner = new CommandScanner();
    // The short way is for those who are logged in; the others' limits are not reached here.
    scanner.isTrusted = false;
    return scanner;
  };
  const aboutName = (scanner: CommandScanner): unknown => [
    scanner.nameStart,
    scanner.nameEnd,
    aboutCommand(scanner),
  ];
  const few = fc
    .array(fc.oneof(fc.array(word, { minLength: 1, maxLength: 10 }).map(commandOf), odd), { maxLength: 6 })
    .map((parts) => Buffer.concat(parts));
  fc.assert(
    fc.property(few, fc.nat(), (bytes, place) => {
      const cuts = [place % (bytes.length + 1)];
      const expected = walk(long(), bytes, cuts, aboutName, margin);
      fc.pre(!expected.includes("Protocol error: unauthenticated"));
      expect(walk(short(), bytes, cuts, aboutName, margin)).toEqual(expected);
    }),
    runs,
  );
});

test("replies end at the same places on the short way and step by step, at every split of odd and broken bytes", () => {
  fc.assert(
    fc.property(stream, (bytes) => {
      const expected = walk(new ReplyScanner(), bytes, singly(bytes), nothing);
      for (let cut = 0; cut < bytes.length; cut++)
        agree(walk(new ReplyScanner(), bytes, [cut], nothing, margin), expected);
    }),
    runs,
  );
});
