import type { Command } from "../commands/command.ts";
import { select } from "../commands/connection.ts";
import { isTransaction } from "../commands/transaction.ts";
import type { Connection } from "../net/connection.ts";
import { asStrings } from "../protocol/reply.ts";
import type { BlockCarrier } from "./multi.ts";
import type { Terms } from "./terms.ts";

const isSelect = ({ spec }: Command<unknown>): boolean => spec.name === "SELECT";

/**
 * Remembers which database was chosen by `SELECT`, also within transactions and pipelines, so that the connection that
 * replaces a lost one uses it as well: else what follows would be read from, and written to, another database.
 */
export class ChosenDatabase implements BlockCarrier {
  readonly #carrier: BlockCarrier;
  /** As the server understood it; null: none was chosen. */
  #database: number | null = null;

  constructor(carrier: BlockCarrier) {
    this.#carrier = carrier;
  }

  execute<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    const promise = this.#carrier.execute(command, terms);
    if (isSelect(command)) this.#note(command, promise);
    else if (isTransaction(command)) {
      const last = command.queued.findLast(isSelect);
      if (last !== undefined) this.#note(last, promise);
    }
    return promise;
  }

  executeBatch(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]> {
    const promise = this.#carrier.executeBatch(commands, terms);
    commands.forEach((command, i) => {
      if (isSelect(command))
        this.#note(
          command,
          promise.then((replies) => replies[i]),
        );
    });
    return promise;
  }

  /** Has a new connection use it. */
  async prepare(connection: Connection): Promise<void> {
    if (this.#database !== null) await connection.send(select(this.#database), asStrings);
  }

  /** @param reply `OK`, or an array where it was one command of a transaction; not `QUEUED`, and no error */
  #note(command: Command<unknown>, reply: Promise<unknown>): void {
    void reply.then(
      (value) => {
        if (Array.isArray(value) || String(value) === "OK") this.#database = Number(String(command.args[0]));
      },
      () => {},
    );
  }
}
