import { setTimeout as delay } from "node:timers/promises";
import type { Terms } from "../client/terms.ts";
import type { Command } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";
import { answeredOnce, refusalOf, repeatOf, type Setback } from "../net/setback.ts";
import type { ClusterMap } from "./cluster-map.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { slotOfCommand } from "./slot.ts";

/** First and longest pause of a command that is to be tried again, ms. */
const firstPause = 10;
const longestPause = 500;

/** How long a command without a deadline of its own is tried again, ms. */
const patience = 5000;

/** How often a command that may have been carried out is sent again: it may itself be what ends the node. */
const mostUncertain = 3;

/** How far one command has come. */
interface Journey {
  redirections: number;
  pauses: number;
  /** How often it was sent again although it may have been carried out. */
  repetitions: number;
  /** Until when it may be sent again, on `performance.now()`. */
  readonly until: number;
}

export interface JourneyOptions {
  readonly map: ClusterMap;
  readonly maxRedirections: number;
  /** Sends a command by its slot. */
  readonly send: <Reply>(slot: number, command: Command<Reply>, terms: Terms) => Promise<Reply>;
  /** The topology is not what it was thought to be. */
  readonly doubt: (node?: ClusterNode) => void;
  /** A slot is not where it was thought to be. */
  readonly onMoved: () => void;
  /** Whether the cluster takes commands. */
  readonly isOpen: () => boolean;
}

/**
 * What becomes of commands that a node refused or lost: they follow `MOVED` and `ASK`, and wait where waiting helps.
 * Only what was certainly not carried out is sent again, unless its caller allows more.
 */
export class Journeys {
  readonly #options: JourneyOptions;
  /** By the copies that travel: a caller may use one command several times at once. */
  readonly #under = new WeakMap<Command<unknown>, Journey>();

  constructor(options: JourneyOptions) {
    this.#options = options;
  }

  /** Another way to answer a command; null: there is none. */
  recover(setback: Setback, from: ClusterNode): Promise<unknown> | null {
    if (!this.#options.isOpen()) return null;
    const cause = refusalOf(setback.error);
    const slot = slotOfCommand(setback.command);
    if (slot === null) return null;
    if (cause.code === "REPLY_MOVED" || cause.code === "REPLY_ASK")
      return this.#redirect(setback, cause, from);
    const repeat = repeatOf(setback);
    if (repeat === "after-a-while") return this.#later(setback, slot);
    return repeat === "when-lost" ? this.#elsewhere(setback, slot) : null;
  }

  #redirect(setback: Setback, cause: RedoubtError, from: ClusterNode): Promise<unknown> | null {
    const { map, maxRedirections, doubt, onMoved } = this.#options;
    onMoved();
    const journey = this.#journeyOf(setback);
    // A part of somebody's MULTI must not be carried out alone, elsewhere.
    if ((setback.mode & answeredOnce) !== 0) {
      doubt();
      return null;
    }
    if (++journey.redirections > maxRedirections) {
      const { command } = setback.error;
      const message = `The cluster sent ${command} from node to node ${maxRedirections} times, last from ${from.address}`;
      return Promise.reject(
        new RedoubtError("TOPOLOGY_REDIRECTIONS", message, {
          address: from.address,
          ...(command !== undefined && { command }),
          cause: setback.error,
        }),
      );
    }
    try {
      const redirection = map.redirection(cause, from);
      const { node } = redirection;
      const command = this.#copy(setback, journey);
      if (cause.code === "REPLY_ASK") return node.executeAsking(command, termsOf(setback));
      map.move(redirection);
      doubt(node);
      return node.executeWith(command, termsOf(setback));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** The node that had it is gone: whoever serves the slot now, or will when its connection is back. */
  #elsewhere(setback: Setback, slot: number): Promise<unknown> | null {
    const journey = this.#journeyOf(setback);
    if (setback.uncertain && ++journey.repetitions > mostUncertain) return null;
    this.#options.doubt();
    return this.#sendOn(this.#copy(setback, journey), slot, termsOf(setback));
  }

  async #sendOn(command: Command<unknown>, slot: number, terms: Terms): Promise<unknown> {
    // The link does not know yet that its connection is lost: it learns it once all commands are told.
    await Promise.resolve();
    return this.#options.send(slot, command, terms);
  }

  async #later(setback: Setback, slot: number): Promise<unknown> {
    const journey = this.#journeyOf(setback);
    const begun = performance.now();
    const pause = Math.random() * Math.min(longestPause, firstPause * 2 ** Math.min(++journey.pauses, 16));
    if (begun + pause >= journey.until) throw setback.error;
    if (setback.error.code !== "REPLY_TRY_AGAIN") this.#options.doubt();
    await delay(pause);
    if (!this.#options.isOpen()) throw setback.error;
    const terms = termsOf(setback);
    const left = terms.timeout === 0 ? 0 : Math.max(1, terms.timeout - (performance.now() - begun));
    return this.#options.send(slot, this.#copy(setback, journey), { ...terms, timeout: left });
  }

  #journeyOf({ command, timeout }: Setback): Journey {
    return (
      this.#under.get(command) ?? {
        redirections: 0,
        pauses: 0,
        repetitions: 0,
        until: performance.now() + (timeout === 0 ? patience : timeout),
      }
    );
  }

  #copy({ command }: Setback, journey: Journey): Command<unknown> {
    const copy = { ...command };
    this.#under.set(copy, journey);
    return copy;
  }
}

/** A transaction is refused because one of its commands was: that one's error says where to go. */
function termsOf({ mode, timeout }: Setback): Terms {
  return { mode, timeout, signal: undefined };
}
