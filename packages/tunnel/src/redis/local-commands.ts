import type { RedoubtError } from "@redoubt/client";
import { bulk, failure, ok, simple } from "../resp/reply-text.ts";
import * as answers from "./answers.ts";
import type { Client } from "./client.ts";
import { tellingAddresses } from "./cluster-replies.ts";
import type { Batch } from "./command-reader.ts";
import type { OwnLine } from "./own-line.ts";

/** Subcommands of CLIENT that are about other connections, or none. */
const sharedClient: ReadonlySet<string> = new Set(["LIST", "KILL", "PAUSE", "UNPAUSE", "UNBLOCK", "HELP"]);

type Answer = (words: readonly string[], batch: Batch) => boolean;

/** Commands that the tunnel answers itself, or sends one way or another by their arguments. */
export class LocalCommands {
  readonly #client: Client;
  readonly #own: OwnLine;
  /** Whether a question of the client's is under way whose answer is put into other words. */
  #isAsking = false;
  readonly #answers: Readonly<Record<string, Answer>>;

  constructor(client: Client, own: OwnLine) {
    this.#client = client;
    this.#own = own;
    this.#answers = {
      AUTH: (words) => this.#auth(words),
      HELLO: (words) => this.#hello(words),
      QUIT: () => this.#quit(),
      RESET: () => this.#reset(),
      SELECT: (words, batch) => this.#select(words, batch),
      CLIENT: (words, batch) => this.#aboutClient(words, batch),
      SCRIPT: (words, batch) => this.#script(words, batch),
      FUNCTION: (words, batch) => this.#script(words, batch),
      XREAD: (words, batch) => this.#readStream(words, batch),
      XREADGROUP: (words, batch) => this.#readStream(words, batch),
      CLUSTER: (words, batch) => this.#cluster(words, batch),
    };
  }

  /** @returns false: it has to wait */
  carryOut(bytes: readonly Buffer[], batch: Batch): boolean {
    const client = this.#client;
    const words = bytes.map(String);
    const name = (words[0] as string).toUpperCase();
    const isBeforeLogin = /^(?:AUTH|HELLO|QUIT|RESET)$/.test(name);
    if (!client.isAdmitted && !isBeforeLogin) {
      client.answer(answers.noAuth);
      return true;
    }
    if (isBeforeLogin && client.due > 0) return false;
    if (this.#own.isInTransaction && /^(?:AUTH|HELLO)$/.test(name)) {
      client.answer(answers.notInTransaction);
      return true;
    }
    if (this.#own.isStreaming && client.protocol === 2 && !/^(?:QUIT|RESET)$/.test(name)) {
      // The own line knows what a subscriber may not say, and when it is one.
      return this.#own.carryOut(batch, "own");
    }
    return (this.#answers[name] as Answer)(words, batch);
  }

  #say(bytes: Buffer): true {
    this.#client.answer(bytes);
    return true;
  }

  #quit(): true {
    this.#client.answer(ok);
    this.#client.finish("quit");
    return true;
  }

  #reset(): true {
    const client = this.#client;
    this.#own.release();
    client.protocol = 2;
    client.database = client.service.upstream.database;
    client.name = null;
    client.expel();
    return this.#say(simple("RESET"));
  }

  /** The tunnel is logged in: without a gate of its own it takes whatever a program brings along. */
  #admits(user: string, password: string): boolean {
    const { gate } = this.#client.service;
    if (gate !== null && !gate.admits(user, password)) return false;
    this.#client.admit();
    return true;
  }

  #auth(words: readonly string[]): true {
    if (words.length < 2) return this.#say(answers.wrongNumber("auth"));
    if (words.length > 3) return this.#say(answers.syntaxError);
    const [user, password] = words.length === 3 ? [words[1], words[2]] : ["default", words[1]];
    return this.#say(this.#admits(user as string, password as string) ? ok : answers.wrongPass);
  }

  #hello(words: readonly string[]): boolean {
    const client = this.#client;
    const greeting = client.service.upstream.greeting;
    if (greeting === null) {
      client.service
        .group(client)
        .shared.whenOpen((error) =>
          error === null ? client.pump() : client.answerHeld(answers.upstreamFailure(error)),
        );
      return false;
    }
    if (greeting.protocol === 2) return this.#say(answers.unknownHello);
    const version = words[1];
    if (version !== undefined && !/^-?\d+$/.test(version))
      return this.#say(failure("ERR Protocol version is not an integer or out of range"));
    if (version !== undefined && version !== "2" && version !== "3") return this.#say(answers.noProto);
    let name: string | null = null;
    for (let i = 2; i < words.length; i++) {
      const option = (words[i] as string).toUpperCase();
      if (option === "AUTH" && i + 2 < words.length) {
        if (!this.#admits(words[i + 1] as string, words[i + 2] as string))
          return this.#say(answers.wrongPass);
        i += 2;
      } else if (option === "SETNAME" && i + 1 < words.length) name = words[++i] as string;
      else
        return this.#say(failure(`ERR Syntax error in HELLO option '${(words[i] as string).slice(0, 128)}'`));
    }
    if (!client.isAdmitted) return this.#say(answers.helloNoAuth);
    if (name !== null && !isName(name)) return this.#say(answers.badName);
    if (name !== null) this.#setName(name);
    if (version !== undefined) client.protocol = version === "3" ? 3 : 2;
    return this.#say(answers.greetingReply(greeting, client.protocol, client.id));
  }

  #setName(name: string): void {
    this.#client.name = name === "" ? null : name;
    this.#own.tell(["CLIENT", "SETNAME", name]);
  }

  #select(words: readonly string[], batch: Batch): boolean {
    const client = this.#client;
    if (this.#own.isInTransaction) return this.#own.carryOut(batch, "own");
    if (client.due > 0) return false;
    if (words.length !== 2) return this.#say(answers.wrongNumber("select"));
    if (!/^-?\d{1,9}$/.test(words[1] as string)) return this.#say(answers.noInteger);
    const database = Number(words[1]);
    if (database < 0) return this.#say(answers.outOfRange);
    if (database === client.database) return this.#say(ok);
    // Nothing but the name is to be kept of a line that is in another database.
    if (this.#own.isTaken) return this.#own.carryOut(batch, "own");
    const { shared } = client.service.group({ protocol: client.protocol, database });
    if (shared.pick() === null) {
      shared.whenOpen((error) => {
        if (error === null) return client.pump();
        client.answerHeld(
          error.code === "REPLY_DATABASE_RANGE" ? answers.outOfRange : answers.upstreamFailure(error),
        );
      });
      return false;
    }
    client.database = database;
    return this.#say(ok);
  }

  #aboutClient(words: readonly string[], batch: Batch): boolean {
    const client = this.#client;
    const sub = (words[1] ?? "").toUpperCase();
    if (sharedClient.has(sub)) return client.share(batch);
    if (sub === "REPLY" && /^(?:OFF|SKIP)$/i.test(words[2] ?? "")) {
      return client.due > 0 ? false : this.#say(answers.noReplyOff);
    }
    const isLocal = /^(?:SETNAME|GETNAME|SETINFO)$/.test(sub);
    if (!isLocal || this.#own.isInTransaction) return this.#own.carryOut(batch, "own");
    if (client.due > 0) return false;
    if (sub === "GETNAME") return this.#say(bulk(client.name ?? (client.protocol === 2 ? null : ""), 2));
    if (sub === "SETINFO") return this.#say(words.length === 4 ? ok : answers.wrongNumber("client|setinfo"));
    const name = words[2];
    if (name === undefined || words.length > 3) return this.#say(answers.wrongNumber("client|setname"));
    if (!isName(name)) return this.#say(answers.badName);
    this.#setName(name);
    return this.#say(ok);
  }

  #script(words: readonly string[], batch: Batch): boolean {
    const sub = (words[1] ?? "").toUpperCase();
    const own = this.#own;
    if (sub === "KILL") return own.carryOut(batch, "once");
    return sub === "DEBUG" ? own.carryOut(batch, "own") : this.#client.share(batch);
  }

  /** What tells addresses is told in local ones. */
  #cluster(words: readonly string[], batch: Batch): boolean {
    const client = this.#client;
    const { cluster, upstream } = client.service;
    const sub = (words[1] ?? "").toUpperCase();
    if (cluster === null || !tellingAddresses.has(sub) || this.#own.isInTransaction)
      return client.share(batch);
    if (client.due > 0 || this.#isAsking) return false;
    const { shared } = client.service.group(client);
    const line = this.#own.line ?? shared.pick();
    if (line === null) {
      shared.whenOpen((error) =>
        error === null ? client.pump() : client.answerHeld(answers.upstreamFailure(error)),
      );
      return false;
    }
    this.#isAsking = true;
    line
      .call(batch.bytes)
      .then((reply) => cluster.localise(sub, reply, upstream.host, client.toldHost))
      .then(
        (reply) => {
          this.#isAsking = false;
          client.answerHeld(reply);
        },
        (error: RedoubtError) => {
          this.#isAsking = false;
          client.answerHeld(answers.upstreamFailure(error));
        },
      );
    return false;
  }

  #readStream(words: readonly string[], batch: Batch): boolean {
    const streams = words.findIndex((word) => word.toUpperCase() === "STREAMS");
    const options = words.slice(0, streams < 0 ? words.length : streams);
    const blocks = options.some((word) => word.toUpperCase() === "BLOCK");
    return blocks ? this.#own.carryOut(batch, "once") : this.#client.share(batch);
  }
}

/** What Redis takes as a name: printable, without blanks. */
function isName(name: string): boolean {
  return /^[!-~]*$/.test(name);
}
