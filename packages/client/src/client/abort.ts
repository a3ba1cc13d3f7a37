import type { Command } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";

/** The error of a command whose signal was aborted. */
export function abortedError(command: Command<unknown>, signal: AbortSignal): RedoubtError {
  const { name } = command.spec;
  return new RedoubtError("CLOSED_ABORTED", `${name} was aborted`, { command: name, cause: signal.reason });
}

/** The caller is let go when the signal is aborted; a reply that still comes is thrown away. */
export function orAborted<Reply>(
  send: () => Promise<Reply>,
  command: Command<unknown>,
  signal: AbortSignal,
): Promise<Reply> {
  if (signal.aborted) return Promise.reject(abortedError(command, signal));
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(abortedError(command, signal));
    signal.addEventListener("abort", aborted);
    const forget = (): void => signal.removeEventListener("abort", aborted);
    send().then(resolve, reject).then(forget, forget);
  });
}
