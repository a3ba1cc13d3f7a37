import { isIPv6, type Socket } from "node:net";

/** One end of a connection; of a Unix socket address and port are empty and 0. */
export interface SocketEnd {
  readonly address: string;
  readonly port: number;
}

/** Who is connected. */
export interface Peer extends SocketEnd {
  /** Through which proxy it came, where the PROXY protocol said who is behind it. */
  readonly via: SocketEnd | null;
}

/** The other end of a socket as the kernel knows it. An IPv4 address that came in by IPv6 is written as IPv4. */
export function remoteEnd(socket: Socket): SocketEnd {
  return end(socket.remoteAddress, socket.remotePort);
}

/** This side of a socket. */
export function localEnd(socket: Socket): SocketEnd {
  return end(socket.localAddress, socket.localPort);
}

function end(address = "", port = 0): SocketEnd {
  return { address: address.startsWith("::ffff:") ? address.slice(7) : address, port };
}

/** `10.0.0.4:40123`, `[fe80::1]:40123`, or `unix`. */
export function endText({ address, port }: SocketEnd): string {
  if (address === "") return "unix";
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
