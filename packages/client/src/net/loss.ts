import { RedoubtError } from "../errors.ts";

/** The error of a connection that ended: the server closed it, or the network did. */
export function lossOf(address: string, cause?: Error): RedoubtError {
  const reason =
    cause === undefined ? "the server closed it" : ((cause as NodeJS.ErrnoException).code ?? cause.message);
  return new RedoubtError("CLOSED_CONNECTION", `The connection to ${address} was lost (${reason})`, {
    address,
    ...(cause !== undefined && { cause }),
  });
}

/** The same error, saying where. */
export function locatedAt(address: string, error: RedoubtError): RedoubtError {
  return new RedoubtError(error.code, `${error.message} (${address})`, {
    address,
    hint: error.hint,
    cause: error,
  });
}
