import { type ErrorCode, errorTable } from "./error-table.ts";

export { type ErrorCode, type ErrorRow, errorTable } from "./error-table.ts";

/** What an error may carry besides its code. Never arguments of a command, never a secret. */
export interface ErrorDetails {
  /** `host:port` or the path of a Unix socket. */
  readonly address?: string;
  /** Name of the command, without arguments. */
  readonly command?: string;
  /** 1 for the first try. */
  readonly attempt?: number;
  /** The step of connecting that failed: `dns`, `tcp`, `tls`, `auth`, `setup`. */
  readonly stage?: string;
  /** Index into the text that was parsed, counted in UTF-16 units from 0. */
  readonly position?: number;
  /** A hint that fits better than the one of the table. */
  readonly hint?: string;
  readonly cause?: unknown;
}

const brand: unique symbol = Symbol.for("@redoubt/error") as never;

/** The base of all errors that Redoubt throws. Ask for `code`; `instanceof` works across copies of the package. */
export class RedoubtError extends Error {
  override readonly name: string = "RedoubtError";
  readonly code: ErrorCode;
  /** The likeliest cause. */
  readonly likely: string;
  readonly hint: string;
  /** Whether trying again can help. */
  readonly transient: boolean;
  /** Path of the page that explains the code, below the documentation's root. */
  readonly docs: string;
  declare readonly address?: string;
  declare readonly command?: string;
  declare readonly attempt?: number;
  declare readonly stage?: string;
  declare readonly position?: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.transient = errorTable[code].transient;
    this.likely = errorTable[code].likely;
    this.hint = details.hint ?? errorTable[code].hint;
    this.docs = `errors/${code}.md`;
    for (const key of ["address", "command", "attempt", "stage", "position"] as const) {
      if (details[key] !== undefined)
        Object.defineProperty(this, key, { value: details[key], enumerable: true });
    }
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== RedoubtError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && brand in value;
  }

  /** The same failure with further details, as an error of its own: one for every command that it ended. */
  alsoWith(details: Omit<ErrorDetails, "hint">): RedoubtError {
    const { address, command, attempt, stage, position, hint, cause } = this;
    const known = { address, command, attempt, stage, position, hint, cause };
    const merged = Object.entries({ ...known, ...details }).filter(([, value]) => value !== undefined);
    return new RedoubtError(this.code, this.message, Object.fromEntries(merged));
  }

  toJSON(): Record<string, unknown> {
    const { code, message, hint, transient, address, command, attempt, stage, position } = this;
    return { code, message, hint, transient, address, command, attempt, stage, position };
  }
}

/** The server answered with an error. `message` is the server's own text. */
export class ReplyError extends RedoubtError {
  override readonly name: string = "ReplyError";
  /** First word of the reply, for example `WRONGTYPE`. */
  get prefix(): string {
    return this.message.slice(0, Math.max(0, this.message.indexOf(" "))) || this.message;
  }
}

/** Some commands of a transaction or a pipeline were refused. The others were carried out. */
export class MultiErrorReply extends RedoubtError {
  override readonly name: string = "MultiErrorReply";
  /** One for each command, in order: its decoded reply, or a {@link ReplyError}. */
  declare readonly replies: readonly unknown[];
  /** Which of the replies are errors. */
  readonly errorIndexes: readonly number[];

  constructor(replies: readonly unknown[], errorIndexes: readonly number[]) {
    const first = replies[errorIndexes[0] as number] as ReplyError;
    super(
      "REPLY_PARTIAL",
      `${errorIndexes.length} of ${replies.length} commands failed, the first with: ${first.message}`,
      { cause: first },
    );
    this.errorIndexes = errorIndexes;
    // Values of the database do not belong into logs.
    Object.defineProperty(this, "replies", { value: replies });
  }

  /** The errors alone. */
  *errors(): Generator<ReplyError> {
    for (const index of this.errorIndexes) yield this.replies[index] as ReplyError;
  }
}
