import type { Socket } from "node:net";

/** The line of PROXY protocol version 1 that tells a backend who is connected. Source: HAProxy's proxy-protocol.txt §2.1. */
export function proxyHeader({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  if (remoteAddress === undefined || localAddress === undefined) return "PROXY UNKNOWN\r\n";
  const family = remoteAddress.includes(":") ? "TCP6" : "TCP4";
  return `PROXY ${family} ${remoteAddress} ${localAddress} ${remotePort} ${localPort}\r\n`;
}
