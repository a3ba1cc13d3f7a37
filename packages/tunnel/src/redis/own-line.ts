import type { RedoubtError } from "@redoubt/client";
import { commandOf, wordsOf } from "../resp/words.ts";
import type { Line, UnaskedTaker } from "../upstream/line.ts";
import type { Taker } from "../upstream/turns.ts";
import { speak } from "../upstream/upstream.ts";
import { notWhileSubscribed, upstreamFailure } from "./answers.ts";
import type { Client } from "./client.ts";
import type { Batch } from "./command-reader.ts";
import type { Need } from "./command-table.ts";
import { asArray, asInvalidation, asPong, Subscriptions } from "./subscriptions.ts";

/** Commands that RESP2 lets a subscriber say. */
const subscriberCommands = /^(?:[ps]?(?:un)?subscribe|ping|quit|reset)$/i;

/**
 * A client's own connection to Redis: lent for as long as it needs one (a transaction, a blocking command), or kept because
 * something was left behind on it (tracking, subscriptions, what is not known).
 */
export class OwnLine implements UnaskedTaker {
  readonly #client: Client;
  readonly #always: boolean;
  #line: Line | null = null;
  #isOpening = false;
  /** Whether it is kept until the client leaves. */
  #isKept = false;
  #isInTransaction = false;
  #isWatching = false;
  #isStream = false;
  #isSwitching = false;
  #subscriptions = new Subscriptions();

  /** @param always whether the client needs one from its first command on */
  constructor(client: Client, always: boolean) {
    this.#client = client;
    this.#always = always;
  }

  get line(): Line | null {
    return this.#line;
  }

  /** Whether all commands have to go this way at the moment. */
  get isTaken(): boolean {
    return this.#line !== null;
  }

  get isInTransaction(): boolean {
    return this.#isInTransaction;
  }

  /** Whether the client waits for what comes unasked. */
  get isStreaming(): boolean {
    return this.#isStream || this.#subscriptions.isActive;
  }

  /** Whether something is left on it that a client would miss on another one. */
  get #hasState(): boolean {
    return (
      this.#isKept ||
      this.#isInTransaction ||
      this.#isWatching ||
      this.#isStream ||
      this.#subscriptions.isActive
    );
  }

  /** @returns false: it has to wait */
  carryOut(batch: Batch, need: Need): boolean {
    if (this.#line === null) return need === "after-writes" ? this.#capture(batch) : this.#acquire();
    const line = this.#line;
    if (line.isFull) {
      line.whenRoom(this.#client.pump);
      return false;
    }
    if (this.#isStream) {
      line.send(batch.bytes, 0, this.#client);
      return true;
    }
    if (this.#subscriptions.isActive) return this.#whileSubscribed(line, batch, need);
    if (need === "subscribe") return this.#subscribe(line, batch);
    if (line.protocol !== this.#client.protocol) return this.#speak(line, this.#client.protocol);
    switch (need) {
      case "begin":
        this.#isInTransaction = line.isHeldUp = true;
        break;
      case "end":
        this.#isInTransaction = this.#isWatching = false;
        break;
      case "watch":
        this.#isWatching = true;
        break;
      case "unwatch":
        this.#isWatching = this.#isInTransaction && this.#isWatching;
        break;
      case "stream":
        return this.#stream(line, batch);
      case "own":
      case "after-writes":
        this.#keep();
        break;
      case "shared":
      case "once":
      case "local":
      case "refused":
        break;
    }
    if (batch.part === "first") {
      this.#client.give(line, { ...batch, bytes: Buffer.alloc(0) });
      line.sendPart(batch.bytes, false);
    } else this.#client.give(line, batch);
    // Not before: what waits would come to stand in the transaction.
    if (need === "end") line.isHeldUp = false;
    return true;
  }

  /** Gives a part of a large command. */
  flow({ bytes, part }: Batch): boolean {
    const line = this.#line;
    // Lost in the middle: the rest of the command goes nowhere, and the client was told.
    if (line === null || !line.isOpen) return true;
    if (line.isFull) {
      line.whenRoom(this.#client.pump);
      return false;
    }
    line.sendPart(bytes, part === "last");
    return true;
  }

  /** Nothing is under way: goes back to where it came from, unless there is something on it. */
  giveBack(): void {
    const line = this.#line;
    if (line === null || this.#hasState || this.#always || line.isMidCommand) return;
    this.#line = null;
    line.unasked = null;
    const { service, protocol, database } = this.#client;
    // In the middle of changing it, a line says its old one.
    if (line.protocol === protocol && !this.#isSwitching)
      service.group({ protocol, database }).spare.give(line);
    else line.close();
  }

  /** The client has left, or begins anew. */
  release(): void {
    const line = this.#line;
    if (line === null) return;
    if (this.#client.due === 0) this.giveBack();
    if (this.#line === null) return;
    this.#line = null;
    line.unasked = null;
    line.close();
    this.#isKept = this.#isInTransaction = this.#isWatching = this.#isStream = false;
    this.#subscriptions = new Subscriptions();
  }

  /** Carries out a command of the client's state, if there is a line that is kept. */
  tell(words: readonly string[]): void {
    this.#line?.call(commandOf(words)).catch(() => {});
  }

  /** What is pushed: messages and confirmations, invalidations. */
  takeUnasked(bytes: Buffer, isPush: boolean): boolean {
    const client = this.#client;
    let told = bytes;
    if (!isPush) {
      if (bytes[0] === 45) this.#subscriptions.refused();
      this.#settle();
    } else {
      if (this.#subscriptions.noted(bytes)) this.#settle();
      if (client.protocol === 2) told = asInvalidation(bytes) ?? asArray(bytes);
    }
    const isKept = client.take(told, 0);
    client.pump();
    return isKept;
  }

  lineEnded(error: RedoubtError): void {
    if (this.#line === null) return;
    this.#line = null;
    const mustTell = this.#hasState || this.#always;
    this.#isInTransaction = this.#isWatching = false;
    // What was left on the line is gone: the program has to begin anew, and knows how.
    if (mustTell) this.#client.finish("server-lost", error);
    else this.#client.pump();
  }

  #keep(): void {
    if (this.#isKept) return;
    this.#isKept = true;
    const { name } = this.#client;
    if (name !== null) this.tell(["CLIENT", "SETNAME", name]);
  }

  #acquire(): boolean {
    const client = this.#client;
    if (client.due > 0 || this.#isOpening) return false;
    const { service, protocol, database } = client;
    const spare = service.group({ protocol, database }).spare.take();
    if (spare !== null) {
      this.#adopt(spare);
      queueMicrotask(client.pump);
      return false;
    }
    this.#isOpening = true;
    service.open({ protocol, database }).then(
      (line) => {
        this.#isOpening = false;
        if (client.isClosed) return line.close();
        this.#adopt(line);
        client.pump();
      },
      (error: RedoubtError) => {
        this.#isOpening = false;
        client.answerHeld(upstreamFailure(error));
      },
    );
    return false;
  }

  /** Makes the shared line, on which the client's writes were carried out, its own. */
  #capture(batch: Batch): boolean {
    const client = this.#client;
    if (client.due > 0) return false;
    const line = client.lastLine;
    if (line === null || !line.isOpen || line.isRetired) return this.#acquire();
    // Others whose replies are due there are served before; they come back to another one.
    client.service.group(client).shared.release(line);
    line.isPrivate = true;
    this.#adopt(line);
    return this.carryOut(batch, "after-writes");
  }

  #adopt(line: Line): void {
    this.#line = line;
    line.unasked = this;
  }

  #subscribe(line: Line, batch: Batch): boolean {
    const client = this.#client;
    if (this.#isInTransaction) {
      client.give(line, batch);
      return true;
    }
    const knowsPushes = client.service.upstream.greeting?.protocol === 3;
    if (!knowsPushes) {
      // RESP2's subscribers take no AUTH and no PING of the tunnel's: what comes cannot be told apart.
      line.isHeldUp = true;
      line.replace = (because) => client.finish("server-lost", because);
      this.#isStream = true;
      line.send(batch.bytes, 0, client);
      return true;
    }
    // In RESP3, messages are told from replies: commands of the tunnel's own can stand between them.
    if (line.protocol === 2) return this.#speak(line, 3);
    return this.#sendSubscribe(line, batch);
  }

  #sendSubscribe(line: Line, batch: Batch): boolean {
    const words = wordsOf(batch.bytes);
    line.isHeldUp = true;
    this.#subscriptions.sent((words[0] as Buffer).toString("latin1"), words.length - 1);
    line.send(batch.bytes, 0, this.#client);
    return true;
  }

  #whileSubscribed(line: Line, batch: Batch, need: Need): boolean {
    const client = this.#client;
    if (need === "subscribe") return this.#sendSubscribe(line, batch);
    if (client.protocol === 3) {
      client.give(line, batch);
      return true;
    }
    // Whether it is a subscriber is known once its commands are confirmed.
    if (this.#subscriptions.isUnsettled) return false;
    const name = (wordsOf(batch.bytes)[0] as Buffer).toString("latin1");
    if (!subscriberCommands.test(name)) {
      if (client.due > 0) return false;
      for (let i = 0; i < batch.count; i++) client.answer(notWhileSubscribed(name));
      return true;
    }
    const pong: Taker = {
      wantsWhole: true,
      take: (reply) => client.take(asPong(reply), 1),
      lost: (error, due, isCut) => client.lost(error, due, isCut),
    };
    client.expect(batch.count);
    line.send(batch.bytes, batch.count, pong);
    return true;
  }

  /** Before the confirmation is handed over: then the line may be given back. */
  #settle(): void {
    if (this.#line !== null && !this.#isStream && !this.#subscriptions.isUnsettled)
      this.#line.isHeldUp = this.#isInTransaction;
  }

  /** Changes the protocol of the line. */
  #speak(line: Line, protocol: 2 | 3): boolean {
    if (this.#client.due > 0 || this.#isSwitching) return false;
    this.#isSwitching = true;
    // Refused, it closes the line, and the client learns of that.
    speak(line, protocol)
      .catch(() => {})
      .finally(() => {
        this.#isSwitching = false;
        this.#client.pump();
      });
    return false;
  }

  #stream(line: Line, batch: Batch): boolean {
    const client = this.#client;
    if (client.due > 0) return false;
    this.#isStream = true;
    line.isHeldUp = true;
    line.replace = (because) => client.finish("server-lost", because);
    const isMonitor = /^monitor$/i.test((wordsOf(batch.bytes)[0] as Buffer).toString("latin1"));
    if (!isMonitor) line.isRaw = true;
    line.send(batch.bytes, 0, client);
    return true;
  }
}
