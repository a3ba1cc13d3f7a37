import type { Command } from "../commands/command.ts";
import { orAborted } from "./abort.ts";
import { CommandSurface } from "./command-methods.ts";
import type { Multi } from "./multi.ts";
import type { CommandOptions } from "./options.ts";
import { policyOf, withPolicy } from "./retry.ts";
import { type Terms, untold } from "./terms.ts";
import { replyModeOf } from "./type-mapping.ts";

/** Who carries out commands under terms. */
export interface Executor {
  executeWith<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply>;
  multiWith(terms: Terms): Multi<[]>;
}

/** A client seen through options for its commands. */
export class CommandView extends CommandSurface {
  readonly #executor: Executor;
  readonly #terms: Terms;

  constructor(executor: Executor, options: CommandOptions, defaults: Terms) {
    super();
    this.#executor = executor;
    this.#terms = {
      mode: withPolicy(
        options.typeMapping === undefined
          ? defaults.mode
          : replyModeOf(options.typeMapping) | policyOf(defaults.mode) | (defaults.mode & untold),
        options.retry,
      ),
      timeout: options.timeout ?? defaults.timeout,
      signal: options.abortSignal,
    };
  }

  execute<Reply>(command: Command<Reply>): Promise<Reply> {
    const { signal } = this.#terms;
    const send = () => this.#executor.executeWith(command, this.#terms);
    return signal === undefined ? send() : orAborted(send, command, signal);
  }

  /** {@link Client.multi} under these options. */
  multi(): Multi<[]> {
    return this.#executor.multiWith(this.#terms);
  }
}
