/**
 * What became of an attempt to connect: `open`; `refused`, the host is there and nothing listens; `timeout`, nobody answered, as
 * where a firewall drops packets; `unreachable`, the network or a router says that no way leads there; `reset`, closed at once;
 * `tls`, open, and the handshake failed; `failed`, anything else.
 */
export type TcpOutcome = "open" | "refused" | "timeout" | "unreachable" | "reset" | "tls" | "failed";

const outcomes: Readonly<Record<string, TcpOutcome>> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "timeout",
  ECONNRESET: "reset",
  EPIPE: "reset",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  EHOSTDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  // Rules of the own machine, and `prohibit` routes.
  EACCES: "unreachable",
  EPERM: "unreachable",
  TCP_REFUSED: "refused",
  TCP_TIMEOUT: "timeout",
  TIMEOUT_CONNECT: "timeout",
  TCP_RESET: "reset",
  TCP_UNREACHABLE: "unreachable",
};

/** The outcome that the code of an error means, of the system's or of Redoubt's own. */
export function outcomeOf(code: string): TcpOutcome {
  if (code.startsWith("TLS_")) return "tls";
  return outcomes[code] ?? "failed";
}
