import { connect, type Socket } from "node:net";
import type { Logger } from "./log.ts";
import type { Service } from "./service.ts";
import { type Address, addressText, type Targets } from "./targets.ts";

/** An open connection to a target. */
export interface Reached {
  readonly socket: Socket;
  readonly address: Address;
}

/** Connects to the first target that accepts; null when none does, or the signal is aborted. What happens is logged. */
export async function reach(
  targets: Targets,
  service: Service,
  log: Logger,
  signal: AbortSignal,
): Promise<Reached | null> {
  const addresses = await targets.addresses(log);
  if (addresses.length === 0) {
    log(3, "No remote host resolved");
    return null;
  }
  for (const address of addresses) {
    if (signal.aborted) return null;
    log(6, `s_connect: connecting ${addressText(address)}`);
    try {
      const socket = await open(address, service, signal);
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

function open(address: Address, service: Service, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { noDelay, keepAlive, keepIdle } = service.remote;
    const socket = connect({
      ...address,
      ...(service.localAddress !== null && "host" in address && { localAddress: service.localAddress }),
      noDelay,
      keepAlive,
      ...(keepIdle !== null && { keepAliveInitialDelay: keepIdle * 1000 }),
      allowHalfOpen: true,
    });
    const settle = (): void => {
      clearTimeout(limit);
      signal.removeEventListener("abort", give);
      socket.off("error", fail);
    };
    const fail = (error: Error): void => {
      settle();
      socket.on("error", () => {});
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
