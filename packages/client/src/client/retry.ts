import type { Command } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";
import { fullJitter } from "../net/backoff.ts";
import { answeredOnce, refusalOf, repeatable, repeatOf, type Setback } from "../net/setback.ts";
import type { Terms } from "./terms.ts";

/**
 * When a command is sent again by itself.
 * - `never`: its first reply or error is the answer.
 * - `safe`: when it surely was not carried out: it was not written yet, or the server refused it for a reason that passes.
 * - `idempotent`: also when nobody knows, if carrying it out twice does no harm (`GET`, `SET`, `DEL`; not `INCR`).
 */
export type RetryPolicy = "never" | "safe" | "idempotent";

const bits: Readonly<Record<RetryPolicy, number>> = { never: answeredOnce, safe: 0, idempotent: repeatable };

/** Every {@link RetryPolicy} bit. */
const allBits = answeredOnce | repeatable;

/**
 * The mode of a command under a policy.
 * @param mode what it is without
 * @throws RedoubtError `CONFIG_INVALID_VALUE`
 */
export function withPolicy(mode: number, policy: RetryPolicy | undefined): number {
  if (policy === undefined) return mode;
  if (Object.hasOwn(bits, policy)) return (mode & ~allBits) | bits[policy];
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    `retry must be one of ${Object.keys(bits).join(", ")}; found ${String(policy)}`,
  );
}

/** The policy in the mode of a command. */
export function policyOf(mode: number): number {
  return mode & allBits;
}

/** How often a command that may have been carried out is sent again: it may itself be what ends the connection. */
const mostUncertain = 3;

/** What {@link Retry} needs of the link whose commands it sends again. */
export interface Repeater {
  /** Sends it, now or when there is a connection. */
  execute<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply>;
  /** Lets it wait for the next connection; null: nothing may wait. */
  enqueue(command: Command<unknown>, terms: Terms): Promise<unknown> | null;
  /** Resolves after so many ms, or when the link is closed. */
  wait(ms: number): Promise<void>;
  /** The server is none to write to any more: dial again, since another may have its name. */
  renew(because: RedoubtError): void;
}

/** Sends commands again that were lost or refused, within their time. */
export class Retry {
  readonly #link: Repeater;
  /** By the copies that are sent again: a caller may use one command several times at once. */
  readonly #tries = new WeakMap<Command<unknown>, number>();

  constructor(link: Repeater) {
    this.#link = link;
  }

  /** Another way to answer a command than its error; null: there is none. */
  recover(setback: Setback): Promise<unknown> | null {
    const repeat = repeatOf(setback);
    if (repeat === "never") return null;
    const { mode, timeout, error, uncertain } = setback;
    const tries = this.#tries.get(setback.command) ?? 0;
    if (repeat === "when-lost") {
      if (uncertain && tries >= mostUncertain) return null;
      return this.#link.enqueue(this.#copy(setback, tries), { mode, timeout, signal: undefined });
    }
    const delay = fullJitter(tries);
    if (timeout !== 0 && delay >= timeout) return null;
    if (refusalOf(error).code === "REPLY_READ_ONLY") this.#link.renew(error);
    return this.#later(this.#copy(setback, tries), setback, delay);
  }

  async #later(command: Command<unknown>, { mode, timeout }: Setback, delay: number): Promise<unknown> {
    await this.#link.wait(delay);
    const left = timeout === 0 ? 0 : Math.max(1, timeout - delay);
    return this.#link.execute(command, { mode, timeout: left, signal: undefined });
  }

  #copy({ command }: Setback, tries: number): Command<unknown> {
    const copy = { ...command };
    this.#tries.set(copy, tries + 1);
    return copy;
  }
}
