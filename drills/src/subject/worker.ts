import { setTimeout as rest } from "node:timers/promises";
import type { CommandMethods } from "@redoubt/client";
import type { Plan } from "./plan.ts";
import type { SettledTwice } from "./promises.ts";
import type { Tally } from "./tally.ts";
import { valueOf, writeOf } from "./values.ts";

/** What a worker asks for: the same of a client, of a Sentinel's, of a cluster. */
export type Commands = Pick<CommandMethods, "get" | "mGet" | "publish" | "set">;

/** The channel on which workers publish. */
export const channel = "drill:news";

/** A key, and how far the worker got with it. */
interface Field {
  readonly key: string;
  /** Writes that were sent. */
  sent: number;
  /** The newest write that the server confirmed. */
  confirmed: number;
}

/** One caller: writes its own keys and reads them again, one command at a time, and looks at every reply. */
export class Worker {
  /** When it last had an answer, ms on the clock of `performance`. */
  lastAnswer = 0;
  /** The longest time without an answer since it was last set to 0, ms. */
  longestGap = 0;
  /** Messages that the server took. */
  published = 0;
  tally: Tally;
  readonly #name: string;
  readonly #commands: Commands;
  readonly #plan: Plan;
  readonly #settledTwice: SettledTwice;
  readonly #fields: readonly Field[];
  #step = 0;
  #message = 0;

  constructor(at: number, commands: Commands, plan: Plan, tally: Tally, settledTwice: SettledTwice) {
    this.#name = `drill:{${at}}`;
    this.#commands = commands;
    this.#plan = plan;
    this.tally = tally;
    this.#settledTwice = settledTwice;
    this.#fields = Array.from({ length: plan.keys }, (_, field) => ({
      key: `${this.#name}:${field}`,
      sent: 0,
      confirmed: 0,
    }));
  }

  /** Works until it is told to stop, or until a promise is not settled any more. */
  async work(signal: AbortSignal): Promise<void> {
    this.lastAnswer = performance.now();
    while (!signal.aborted) {
      await this.#next();
      await rest(this.#plan.pauseMs);
    }
  }

  #next(): Promise<void> {
    const kinds = this.#plan.audience ? 4 : 3;
    const kind = this.#step % kinds;
    const at = Math.floor(this.#step++ / kinds) % this.#fields.length;
    const field = this.#fields[at] as Field;
    if (kind === 0) return this.#write(field);
    if (kind === 1) return this.#read(field);
    if (kind === 2) return this.#readTwo(field, this.#fields.at(at - 1) as Field);
    return this.#publish();
  }

  async #write(field: Field): Promise<void> {
    const write = ++field.sent;
    const value = valueOf({ key: field.key, write }, this.#plan.valueBytes);
    await this.#ask(this.#commands.set(field.key, value), (reply) => {
      if (reply === "OK") field.confirmed = write;
      else this.tally.misdelivered++;
    });
  }

  async #read(field: Field): Promise<void> {
    const { confirmed } = field;
    await this.#ask(this.#commands.get(field.key), (reply) => this.#check(field, confirmed, reply));
  }

  async #readTwo(field: Field, other: Field): Promise<void> {
    const before = [field.confirmed, other.confirmed] as const;
    await this.#ask(this.#commands.mGet([field.key, other.key]), (replies) => {
      if (!Array.isArray(replies) || replies.length !== 2) this.tally.misdelivered++;
      else {
        this.#check(field, before[0], replies[0]);
        this.#check(other, before[1], replies[1]);
      }
    });
  }

  async #publish(): Promise<void> {
    await this.#ask(this.#commands.publish(channel, `${this.#name}|${++this.#message}`), (reply) => {
      if (typeof reply === "number") this.published++;
      else this.tally.misdelivered++;
    });
  }

  /** @param confirmed the newest write that was confirmed when the reply was asked for */
  #check(field: Field, confirmed: number, reply: unknown): void {
    const write = reply === null ? 0 : writeOf(reply, field.key, this.#plan.valueBytes);
    if (write === null || write > field.sent) this.tally.misdelivered++;
    else if (write < confirmed) this.tally.lost++;
  }

  async #ask<Reply>(promise: Promise<Reply>, look: (reply: Reply) => void): Promise<void> {
    const { tally } = this;
    tally.asked++;
    try {
      const reply = await this.#settledTwice.watch(promise);
      tally.answered++;
      this.#answeredAt(performance.now());
      look(reply);
    } catch (error) {
      tally.reject(error);
    }
  }

  #answeredAt(now: number): void {
    this.longestGap = Math.max(this.longestGap, now - this.lastAnswer);
    this.lastAnswer = now;
  }
}
