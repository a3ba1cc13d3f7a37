import type { Command, RedisArgument } from "../commands/command.ts";
import { raw } from "../commands/raw.ts";
import { givesBytes, transaction, withoutErrors } from "../commands/transaction.ts";
import { asBuffers } from "../protocol/reply.ts";
import { orAborted } from "./abort.ts";
import { defineCommands, type Functions, type Namespaces } from "./command-methods.ts";
import type { Script } from "./script.ts";
import type { Terms } from "./terms.ts";
import type { WithBuffers } from "./type-mapping.ts";

/** Who carries out blocks of commands: a link. */
export interface BlockCarrier {
  execute<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply>;
  executeBatch(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]>;
}

/** What a transaction may depend on: keys that are watched. */
export interface Locks {
  /** Ends watching, because a transaction is about to be sent. Whether it depends on what was watched. */
  take(): boolean;
  unwatch(terms: Terms): Promise<unknown>;
}

/**
 * Commands that are sent together: nothing leaves before {@link Multi.exec} (a transaction) or
 * {@link Multi.execAsPipeline}. `Replies` grows with each command into the tuple of their replies.
 */
export interface Multi<Replies extends readonly unknown[]>
  extends MultiBlock<Replies>,
    MultiMethods<Replies> {}

/** {@link Multi} with Buffers in place of strings in the replies. */
export interface BufferMulti<Replies extends readonly unknown[]>
  extends MultiBlock<Replies>,
    BufferMultiMethods<Replies> {}

type Methods<Of, Replies extends readonly unknown[]> = {
  [Name in keyof Of]: Of[Name] extends (...args: infer Args) => Command<infer Reply>
    ? (...args: Args) => Multi<[...Replies, Reply]>
    : never;
};

type BufferMethods<Of, Replies extends readonly unknown[]> = {
  [Name in keyof Of]: Of[Name] extends (...args: infer Args) => Command<infer Reply>
    ? (...args: Args) => BufferMulti<[...Replies, WithBuffers<Reply>]>
    : never;
};

type MultiMethods<Replies extends readonly unknown[]> = Methods<Functions, Replies> & {
  readonly [Name in keyof Namespaces]: Methods<Namespaces[Name], Replies>;
};

type BufferMultiMethods<Replies extends readonly unknown[]> = BufferMethods<Functions, Replies> & {
  readonly [Name in keyof Namespaces]: BufferMethods<Namespaces[Name], Replies>;
};

/** What a {@link Multi} does besides taking commands. */
export class MultiBlock<Replies extends readonly unknown[]> {
  readonly #carrier: BlockCarrier;
  readonly #terms: Terms;
  readonly #watch: Locks;
  #queued: Command<unknown>[] = [];
  /** Scripts whose source is among the commands: from there on the server has them. */
  readonly #scripts = new Set<string>();

  constructor(carrier: BlockCarrier, terms: Terms, watch: Locks) {
    this.#carrier = carrier;
    this.#terms = terms;
    this.#watch = watch;
  }

  /** How many commands it holds. */
  get length(): number {
    return this.#queued.length;
  }

  /** Adds a command that was made before. */
  add<Reply>(command: Command<Reply>): Multi<[...Replies, Reply]> {
    this.#queued.push(command);
    return this as unknown as Multi<[...Replies, Reply]>;
  }

  /** Adds any command as words. Its reply is given as it comes. */
  sendCommand(words: readonly RedisArgument[]): Multi<[...Replies, unknown]> {
    return this.add(raw(words));
  }

  /** Adds a script; its source the first time, because there is no second try in a transaction. */
  runScript<Call extends (...args: never) => unknown>(
    script: Script<Call>,
    ...args: Parameters<Call>
  ): Multi<[...Replies, ReturnType<Call>]> {
    if (this.#scripts.has(script.SHA1)) return this.add(script.bySha1(...args));
    this.#scripts.add(script.SHA1);
    return this.add(script.bySource(...args));
  }

  /**
   * Carries out all commands as one transaction: between them the server does nothing else.
   * @param asPipeline true: {@link Multi.execAsPipeline}
   * @returns their replies, in order
   * @throws MultiErrorReply when commands failed; the others were carried out
   * @throws RedoubtError `REPLY_CONFLICT` when a watched key was changed, `REPLY_EXEC_ABORTED` when a command was
   *   refused (see its cause): then nothing was carried out; or what kept the connection from answering
   */
  async exec(asPipeline = false): Promise<Replies> {
    if (asPipeline) return this.execAsPipeline();
    const queued = [...this.#queued];
    const { mode } = this.#terms;
    const bytes = givesBytes(queued);
    const block = transaction(queued, this.#watch.take(), bytes && (mode & asBuffers) === 0);
    const terms = bytes ? { ...this.#terms, mode: mode | asBuffers } : this.#terms;
    return (await this.#orAborted(block, () => this.#carrier.execute(block, terms))) as unknown as Replies;
  }

  readonly EXEC: this["exec"] = this.exec;

  /** {@link Multi.exec}; node-redis has two names for two types. */
  execTyped(asPipeline = false): Promise<Replies> {
    return this.exec(asPipeline);
  }

  /**
   * Sends all commands at once, as commands of their own: others may come in between, and each is carried out whatever
   * became of the one before.
   * @returns their replies, in order
   * @throws MultiErrorReply when commands failed; or what kept the connection from answering
   */
  async execAsPipeline(): Promise<Replies> {
    const queued = [...this.#queued];
    const [first] = queued;
    if (first === undefined) return [] as unknown as Replies;
    const send = () => this.#carrier.executeBatch(queued, this.#terms);
    return withoutErrors(await this.#orAborted(first, send)) as unknown as Replies;
  }

  /** {@link Multi.execAsPipeline}; node-redis has two names for two types. */
  execAsPipelineTyped(): Promise<Replies> {
    return this.execAsPipeline();
  }

  /** Forgets the commands, and what is watched. Nothing has been sent. */
  async discard(): Promise<void> {
    this.#queued = [];
    this.#scripts.clear();
    await this.#watch.unwatch(this.#terms);
  }

  #orAborted<Reply>(command: Command<unknown>, send: () => Promise<Reply>): Promise<Reply> {
    const { signal } = this.#terms;
    return signal === undefined ? send() : orAborted(send, command, signal);
  }
}

defineCommands(
  MultiBlock.prototype,
  (make) =>
    function (this: MultiBlock<unknown[]>, ...args) {
      return this.add(make(...args));
    },
);
