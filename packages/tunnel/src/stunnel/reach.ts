import type { Socket } from "node:net";
import type { Logger } from "./log.ts";
import type { Service } from "./service.ts";
import { type Address, addressText, type Targets } from "./targets.ts";

/** An open connection to a target. */
export interface Reached<T extends Socket> {
  readonly socket: T;
  readonly address: Address;
}

/** How a target is reached. */
export interface Reaching<T extends Socket> {
  readonly service: Service;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Begins to connect. */
  readonly begin: (address: Address) => T;
}

/** Connects to the first target that accepts; null when none does, or the signal is aborted. What happens is logged. */
export async function reach<T extends Socket>(
  targets: Targets,
  reaching: Reaching<T>,
): Promise<Reached<T> | null> {
  const { service, log, signal } = reaching;
  const addresses = await targets.addresses(log);
  if (addresses.length === 0) {
    log(3, "No remote host resolved");
    return null;
  }
  for (const address of addresses) {
    if (signal.aborted) return null;
    log(6, `s_connect: connecting ${addressText(address)}`);
    try {
      const socket = await open(address, reaching);
      log(5, `s_connect: connected ${addressText(address)}`);
      log(
        5,
        `Service [${service.name}] connected remote server from ${socket.localAddress ?? "unnamed socket"}${socket.localPort === undefined ? "" : `:${socket.localPort}`}`,
      );
      return { socket, address };
    } catch (error) {
      if (signal.aborted) return null;
      log(3, `s_connect: ${whatFailed(error as NodeJS.ErrnoException, addressText(address))}`);
    }
  }
  log(3, "No more addresses to connect");
  return null;
}

/** What a socket is opened with, whether or not TLS is spoken on it. */
export function socketOptions(
  address: Address,
  { localAddress }: Service,
): Address & { readonly localAddress?: string; readonly allowHalfOpen: true } {
  const from = localAddress !== null && "host" in address ? { localAddress } : {};
  return { ...address, ...from, allowHalfOpen: true };
}

/** What the section says of sockets that lead on. Of TLS sockets, Node does not take it as options. */
export function tune(socket: Socket, { remote: { noDelay, keepAlive, keepIdle } }: Service): void {
  socket.setNoDelay(noDelay);
  if (keepAlive) socket.setKeepAlive(true, (keepIdle ?? 0) * 1000);
}

function open<T extends Socket>(address: Address, { service, signal, begin }: Reaching<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = begin(address);
    const settle = (): void => {
      clearTimeout(limit);
      signal.removeEventListener("abort", give);
      socket.off("error", fail);
      // Whoever takes it now looks whether it is still there.
      socket.on("error", () => {});
    };
    const fail = (error: Error): void => {
      settle();
      socket.destroy();
      reject(error);
    };
    const give = (): void => fail(new Error("aborted"));
    const limit = setTimeout(
      () => fail(Object.assign(new Error("timeout"), { code: "TIMEOUTconnect" })),
      Math.min(service.connectLimit, 0x7fffffff),
    );
    socket.once("error", fail);
    signal.addEventListener("abort", give);
    socket.once("connect", () => {
      settle();
      resolve(socket);
    });
  });
}

const said: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Connection refused (111)",
  ECONNRESET: "Connection reset by peer (104)",
  EHOSTUNREACH: "No route to host (113)",
  ENETUNREACH: "Network is unreachable (101)",
  ENOENT: "No such file or directory (2)",
  EADDRNOTAVAIL: "Cannot assign requested address (99)",
  ETIMEDOUT: "Connection timed out (110)",
};

function whatFailed({ code = "", message }: NodeJS.ErrnoException, address: string): string {
  if (code === "TIMEOUTconnect") return `s_poll_wait: ${address}: TIMEOUTconnect exceeded`;
  return `connect ${address}: ${said[code] ?? (code === "" ? message : code)}`;
}
