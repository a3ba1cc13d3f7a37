import type { Socket } from "node:net";
import { type ErrorCode, RedoubtError } from "../errors.ts";
import { type Address, addressText } from "./resolve.ts";

/** How long one address may try alone before the next one joins in. Source: RFC 8305 section 5. */
const attemptDelay = 250;

const codes: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: "TCP_REFUSED",
  ETIMEDOUT: "TCP_TIMEOUT",
  ECONNRESET: "TCP_RESET",
  EPIPE: "TCP_RESET",
  EHOSTUNREACH: "TCP_UNREACHABLE",
  ENETUNREACH: "TCP_UNREACHABLE",
  EADDRNOTAVAIL: "TCP_UNREACHABLE",
  ENOENT: "TCP_NO_SOCKET_FILE",
};

const said: Readonly<Partial<Record<ErrorCode, string>>> = {
  TCP_REFUSED: "refused the connection",
  TCP_TIMEOUT: "did not answer",
  TCP_RESET: "reset the connection",
  TCP_UNREACHABLE: "cannot be reached from here",
  TCP_NO_SOCKET_FILE: "does not exist",
};

/** Turns an error of the socket into one with a code of the family `TCP_`. */
export function socketError(cause: NodeJS.ErrnoException, address: string): RedoubtError {
  const code = codes[cause.code ?? ""] ?? "TCP_FAILED";
  return new RedoubtError(
    code,
    `${address} ${said[code] ?? `could not be connected (${cause.code ?? cause.message})`}`,
    { address, cause },
  );
}

/** A socket that is being opened. */
export interface Attempt<T extends Socket> {
  readonly address: Address;
  readonly socket: T;
}

/**
 * Opens a socket to the first of several addresses that answers: one after the other, each with a head start
 * ("happy eyeballs", RFC 8305). All others are closed.
 * @param connect begins to connect to an address
 * @throws RedoubtError of the family `TCP_`; the reason of the signal when it is aborted
 */
export function openFirst<T extends Socket>(
  addresses: readonly Address[],
  connect: (address: Address) => T,
  signal: AbortSignal,
): Promise<Attempt<T>> {
  return new Promise((resolve, reject) => {
    const open = new Set<T>();
    const failures: RedoubtError[] = [];
    let next = 0;
    let headStart: NodeJS.Timeout | undefined;

    const finish = (winner: T | null, settle: () => void): void => {
      clearTimeout(headStart);
      signal.removeEventListener("abort", abort);
      next = addresses.length;
      for (const socket of open) if (socket !== winner) socket.destroy();
      settle();
    };
    const abort = (): void => finish(null, () => reject(signal.reason as Error));
    const failed = (error: NodeJS.ErrnoException, address: Address, socket?: T): void => {
      if (socket !== undefined) open.delete(socket);
      failures.push(socketError(error, addressText(address)));
      if (next < addresses.length) tryNext();
      else if (open.size === 0) finish(null, () => reject(summary(failures)));
    };
    const tryNext = (): void => {
      clearTimeout(headStart);
      const address = addresses[next++] as Address;
      let socket: T;
      try {
        socket = connect(address);
      } catch (error) {
        return failed(error as Error, address);
      }
      open.add(socket);
      const refused = (error: Error): void => failed(error, address, socket);
      socket.once("error", refused);
      socket.once("connect", () => {
        socket.off("error", refused);
        finish(socket, () => resolve({ address, socket }));
      });
      // A loser's late error has nobody to go to.
      socket.on("error", () => {});
      if (next < addresses.length) headStart = setTimeout(tryNext, attemptDelay);
    };
    if (addresses.length === 0)
      return reject(new RedoubtError("TCP_FAILED", "There is no address to connect to"));
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener("abort", abort);
    tryNext();
  });
}

function summary(failures: readonly RedoubtError[]): RedoubtError {
  const first = failures[0] as RedoubtError;
  if (failures.length === 1) return first;
  return new RedoubtError(first.code, failures.map(({ message }) => message).join("; "), {
    ...(first.address !== undefined && { address: first.address }),
    cause: new AggregateError(failures),
  });
}
