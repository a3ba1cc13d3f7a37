import type { Command } from "../commands/command.ts";

/** Answers the caller of a command. Resolving with a rejected promise rejects, which spares a second function for each command. */
export type Settle = (value: unknown) => void;

/** In place of a caller that has been answered already (deadline, abort): the reply is thrown away. */
export const dropped: Settle = () => {};

/** The deadline of a command that waits on purpose, or has been answered. */
export const noDeadline: number = Number.POSITIVE_INFINITY;

/**
 * The commands that wait for their reply, oldest first. Replies come in the order of the commands, so this is a ring: the
 * newest enters at `head`, the next reply belongs to `tail`. The columns are arrays of their own, because an object per
 * command would cost more than all the rest.
 */
export class InFlight {
  /** Counts all commands that ever entered. */
  head = 0;
  /** Counts all commands that have left. */
  tail = 0;
  #settles: (Settle | undefined)[] = new Array(64);
  #commands: (Command<unknown> | undefined)[] = new Array(64);
  #modes: number[] = new Array(64);
  #deadlines: number[] = new Array(64);
  #mask = 63;

  get length(): number {
    return this.head - this.tail;
  }

  enter(settle: Settle, command: Command<unknown>, mode: number, deadline: number): void {
    if (this.head - this.tail > this.#mask) this.#grow();
    const slot = this.head++ & this.#mask;
    this.#settles[slot] = settle;
    this.#commands[slot] = command;
    this.#modes[slot] = mode;
    this.#deadlines[slot] = deadline;
  }

  /** Takes the oldest out. */
  leave(): void {
    const slot = this.tail++ & this.#mask;
    this.#settles[slot] = undefined;
    this.#commands[slot] = undefined;
  }

  /** Who is to be answered at a place from `tail` to `head`; undefined outside. */
  settleAt(index: number): Settle | undefined {
    return this.#settles[index & this.#mask];
  }

  commandAt(index: number): Command<unknown> {
    return this.#commands[index & this.#mask] as Command<unknown>;
  }

  /** How to build the reply, see `protocol`. */
  modeAt(index: number): number {
    return this.#modes[index & this.#mask] as number;
  }

  /** On the coarse clock, ms. */
  deadlineAt(index: number): number {
    return this.#deadlines[index & this.#mask] as number;
  }

  /** Lets the caller go. The reply is still to come. */
  drop(index: number): void {
    this.#settles[index & this.#mask] = dropped;
    this.#deadlines[index & this.#mask] = noDeadline;
  }

  #grow(): void {
    const size = this.#mask + 1;
    const inOrder = <T>(column: T[]): T[] => {
      const grown = new Array<T>(size * 2);
      for (let i = this.tail; i < this.head; i++) grown[i & (size * 2 - 1)] = column[i & this.#mask] as T;
      return grown;
    };
    this.#settles = inOrder(this.#settles);
    this.#commands = inOrder(this.#commands);
    this.#modes = inOrder(this.#modes);
    this.#deadlines = inOrder(this.#deadlines);
    this.#mask = size * 2 - 1;
  }
}
