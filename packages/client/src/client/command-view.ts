import type { Command } from "../commands/command.ts";
import { CommandSurface } from "./command-methods.ts";
import { abortedError } from "./offline-queue.ts";
import type { CommandOptions } from "./options.ts";
import type { Terms } from "./terms.ts";
import { replyModeOf } from "./type-mapping.ts";

/** Who carries out commands under terms. */
export interface Executor {
  executeWith<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply>;
}

/** A client seen through options for its commands. */
export class CommandView extends CommandSurface {
  readonly #executor: Executor;
  readonly #terms: Terms;

  constructor(executor: Executor, options: CommandOptions, defaults: Terms) {
    super();
    this.#executor = executor;
    this.#terms = {
      mode: options.typeMapping === undefined ? defaults.mode : replyModeOf(options.typeMapping),
      timeout: options.timeout ?? defaults.timeout,
      signal: options.abortSignal,
    };
  }

  execute<Reply>(command: Command<Reply>): Promise<Reply> {
    const { signal } = this.#terms;
    const reply = this.#executor.executeWith(command, this.#terms);
    return signal === undefined ? reply : orAborted(reply, command, signal);
  }
}

/** The caller is let go when the signal is aborted; a reply that still comes is thrown away. */
function orAborted<Reply>(
  reply: Promise<Reply>,
  command: Command<Reply>,
  signal: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(abortedError(command, signal));
    signal.addEventListener("abort", aborted);
    const forget = (): void => signal.removeEventListener("abort", aborted);
    reply.then(resolve, reject).then(forget, forget);
  });
}
