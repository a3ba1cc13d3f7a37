import type { Command } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";
import { CommandSurface } from "./command-methods.ts";
import { abortedError } from "./offline-queue.ts";
import type { CommandOptions } from "./options.ts";
import { replyModeOf } from "./type-mapping.ts";

/** Who carries out a command under options. */
export interface Executor {
  executeWith<Reply>(command: Command<Reply>, mode: number, signal: AbortSignal | undefined): Promise<Reply>;
}

/** A client seen through options for its commands. */
export class CommandView extends CommandSurface {
  readonly #executor: Executor;
  readonly #mode: number;
  readonly #signal: AbortSignal | undefined;
  readonly #timeout: number;

  constructor(executor: Executor, options: CommandOptions, mode: number) {
    super();
    this.#executor = executor;
    this.#mode = options.typeMapping === undefined ? mode : replyModeOf(options.typeMapping);
    this.#signal = options.abortSignal;
    this.#timeout = options.timeout ?? 0;
  }

  execute<Reply>(command: Command<Reply>): Promise<Reply> {
    if (this.#timeout === 0 && this.#signal === undefined)
      return this.#executor.executeWith(command, this.#mode, undefined);
    return this.#bounded(command);
  }

  /** The caller is let go when the signal is aborted or the time is over; a reply that still comes is thrown away. */
  #bounded<Reply>(command: Command<Reply>): Promise<Reply> {
    const timeout = command.spec.blocking ? 0 : this.#timeout;
    const expiry = timeout === 0 ? undefined : AbortSignal.timeout(timeout);
    const signals = [this.#signal, expiry].filter((signal) => signal !== undefined);
    const signal = signals.length === 1 ? (signals[0] as AbortSignal) : AbortSignal.any(signals);
    return new Promise((resolve, reject) => {
      const aborted = (): void => {
        const { name } = command.spec;
        const late = expiry?.aborted === true && this.#signal?.aborted !== true;
        reject(
          late
            ? new RedoubtError("TIMEOUT_COMMAND", `No reply to ${name} within ${timeout} ms`, {
                command: name,
              })
            : abortedError(command, signal),
        );
      };
      signal.addEventListener("abort", aborted);
      this.#executor
        .executeWith(command, this.#mode, signal)
        .then(resolve, reject)
        .finally(() => signal.removeEventListener("abort", aborted));
    });
  }
}
