import { Buffer } from "node:buffer";
import { CommandScanner } from "../resp/command-scanner.ts";
import { wordsOf } from "../resp/words.ts";

/** A login as a client has sent it. Whether the server takes it, the server says. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** The longest login that is looked at, bytes: beyond that it is none that anybody's server would take. */
const longestLogin = 64 * 1024;

/** Enough bytes of a command to tell whether it is a login: a count, a length and the name. */
const headBytes = 32;

const isLogin = /^(?:\*\d+\r\n\$\d+\r\n|[ \t]*["']?)(?:AUTH|HELLO)[\r\n \t"']/i;

/** Follows what a client says, and tells of every AUTH, and HELLO with AUTH in it. All else is only walked. */
export class Logins {
  readonly #scanner = new CommandScanner();
  readonly #tell: (login: Login) => void;
  /** What there is of the command that is being read, as long as it may be a login; null when it is none. */
  #held: Buffer | null = null;
  #lost = false;

  constructor(tell: (login: Login) => void) {
    this.#tell = tell;
  }

  /** Takes what the client said, as it came. Where the stream cannot be followed any more, nothing is told any more. */
  follow(chunk: Buffer): void {
    if (this.#lost) return;
    try {
      let at = 0;
      while (at < chunk.length) {
        if (!this.#scanner.isWithin) this.#held = Buffer.alloc(0);
        const end = this.#scanner.next(chunk, at, chunk.length);
        this.#take(chunk, at, end < 0 ? chunk.length : end);
        if (end < 0) return;
        if (this.#held !== null) this.#read(this.#held);
        at = end;
      }
    } catch {
      this.#lost = true;
    }
  }

  #take(chunk: Buffer, from: number, to: number): void {
    const held = this.#held;
    if (held === null) return;
    // Only as much is copied as it takes to see that this is no login.
    const head = Buffer.concat([
      held.subarray(0, headBytes),
      chunk.subarray(from, Math.min(to, from + headBytes)),
    ]);
    const isDecided = head.length >= headBytes || !this.#scanner.isWithin;
    if (isDecided && !isLogin.test(head.toString("latin1", 0, headBytes))) {
      this.#held = null;
      return;
    }
    const whole = Buffer.concat([held, chunk.subarray(from, to)]);
    this.#held = whole.length > longestLogin ? null : whole;
  }

  #read(command: Buffer): void {
    const [name, ...words] = wordsOf(command).map((word) => word.toString());
    const login = name?.toUpperCase() === "HELLO" ? words.slice(optionAt(words)) : words;
    const [first, second] = login;
    if (first === undefined) return;
    // With one word only it is the password of the user `default`.
    this.#tell(
      second === undefined ? { username: "default", password: first } : { username: first, password: second },
    );
  }
}

/** Where, in `HELLO 3 AUTH user password SETNAME name`, the words behind AUTH begin. */
function optionAt(words: readonly string[]): number {
  const at = words.findIndex((word, index) => index > 0 && word.toUpperCase() === "AUTH");
  return at < 0 ? words.length : at + 1;
}
