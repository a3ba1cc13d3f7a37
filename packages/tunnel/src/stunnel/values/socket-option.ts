import { ValueError } from "./value-error.ts";

/** An option of a socket: of the listening one (`a`), of the one to the client (`l`) or to the remote side (`r`). */
export interface SocketOption {
  readonly socket: "a" | "l" | "r";
  readonly name: "TCP_NODELAY" | "SO_KEEPALIVE" | "TCP_KEEPIDLE" | "SO_REUSEADDR" | "IPV6_V6ONLY";
  /** 1 and 0 for yes and no; seconds for `TCP_KEEPIDLE`. */
  readonly value: number;
}

const whatToDo: Readonly<Record<string, string>> = {
  SO_LINGER: "Remove the line: a connection is closed when all is sent, or reset at once on a failure.",
  SO_REUSEADDR: "Remove the line: Node always sets it on listening sockets.",
  TCP_KEEPINTVL:
    "Remove the line and set the interval for the whole system: sysctl net.ipv4.tcp_keepalive_intvl.",
  TCP_KEEPCNT:
    "Remove the line and set the count for the whole system: sysctl net.ipv4.tcp_keepalive_probes.",
  SO_SNDBUF: "Remove the line and set the size for the whole system: sysctl net.ipv4.tcp_wmem.",
  SO_RCVBUF: "Remove the line and set the size for the whole system: sysctl net.ipv4.tcp_rmem.",
  SO_BINDTODEVICE: "Accept on an address of that device instead.",
  IP_FREEBIND:
    "Remove the line, and start the tunnel when the address is there, or set sysctl net.ipv4.ip_nonlocal_bind.",
};

/** Reads `l:TCP_NODELAY=1`, `r:SO_KEEPALIVE=yes`, `r:TCP_KEEPIDLE=60`. */
export function socketOption(text: string): SocketOption {
  const [, socket, given = "", value = ""] = /^([alr]):(\w+)=(.*)$/i.exec(text) ?? [];
  const name = given.toUpperCase();
  if (socket === undefined)
    throw new ValueError(
      "Illegal socket option",
      "Write a, l or r, a colon, and NAME=VALUE: r:SO_KEEPALIVE=1.",
    );
  const on = socket.toLowerCase() as "a" | "l" | "r";
  switch (name) {
    case "TCP_NODELAY":
    case "SO_KEEPALIVE":
      return { socket: on, name, value: flag(value) };
    case "TCP_KEEPIDLE":
      if (!/^\d{1,6}$/.test(value) || Number(value) < 1)
        throw new ValueError(
          "Illegal socket option",
          "Write l:TCP_KEEPIDLE=SECONDS or r:TCP_KEEPIDLE=SECONDS, from 1 on.",
        );
      return { socket: on, name, value: Number(value) };
    case "SO_REUSEADDR":
      // On a connection it has no effect, and files have it there.
      if (on !== "a" || flag(value) === 1) return { socket: on, name, value: flag(value) };
      break;
    case "IPV6_V6ONLY":
      if (on === "a") return { socket: on, name, value: flag(value) };
  }
  throw new ValueError(
    whatToDo[name] === undefined ? "Illegal socket option" : `The socket option ${name} cannot be set here`,
    whatToDo[name] ??
      "Known are TCP_NODELAY, SO_KEEPALIVE, TCP_KEEPIDLE and SO_REUSEADDR, and IPV6_V6ONLY on a.",
  );
}

function flag(text: string): number {
  const found = ["0", "no", "1", "yes"].indexOf(text.toLowerCase());
  if (found >= 0) return found >> 1;
  throw new ValueError("Illegal socket option", "Write 1 or yes, 0 or no.");
}
