import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

/** What became of a TCP connection. `silent`: nobody answered in time; `reset`: taken and thrown away at once. */
export type PortState = "open" | "refused" | "silent" | "unreachable" | "reset" | "failed";

/** What a port speaks. */
export type Spoken = "tls" | "redis" | "http" | "unknown";

/** One port of one address. */
export interface PortProbe {
  readonly ip: string;
  readonly port: number;
  readonly state: PortState;
  /** The system's word, `ECONNREFUSED`; `null` where there is none. */
  readonly errno: string | null;
  /** `null` where it was not asked, or is not open. */
  readonly speaks: Spoken | null;
  readonly ms: number;
}

const states: Readonly<Record<string, PortState>> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "silent",
  ECONNRESET: "reset",
  EPIPE: "reset",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  // The router said that a rule forbids it.
  EACCES: "unreachable",
};

/** Connects to a port and hangs up. */
export function probePort(ip: string, port: number, timeout: number): Promise<PortProbe> {
  const start = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port });
    const done = (state: PortState, errno: string | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ip, port, state, errno, speaks: null, ms: performance.now() - start });
    };
    const timer = setTimeout(() => done("silent", null), timeout);
    socket.once("connect", () => done("open", null));
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) =>
      done(states[code] ?? "failed", code || null),
    );
  });
}

/** {@link probePort}, and where it is open finds out what is spoken there. Sends nothing that anybody must not know. */
export async function probeSpeech(ip: string, port: number, timeout: number): Promise<PortProbe> {
  const probe = await probePort(ip, port, timeout);
  if (probe.state !== "open") return probe;
  const [tls, plain] = await Promise.all([answersTls(ip, port, timeout), greeting(ip, port, timeout)]);
  return { ...probe, speaks: tls ? "tls" : plain };
}

/** Whether a ClientHello is answered in TLS, be it with an alert. */
function answersTls(host: string, port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Nothing but the handshake happens on this connection, so there is nobody to be verified.
    const socket = connectTls({ host, port, rejectUnauthorized: false });
    const done = (found: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    const timer = setTimeout(() => done(false), timeout);
    socket.once("secureConnect", () => done(true));
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => done(/ALERT/.test(code)));
    socket.once("close", () => done(false));
  });
}

/** What an inline PING is answered with. */
function greeting(host: string, port: number, timeout: number): Promise<Spoken> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => socket.write("PING\r\n\r\n"));
    const done = (found: Spoken): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    const timer = setTimeout(() => done("unknown"), timeout);
    socket.once("data", (bytes) => {
      const text = bytes.toString("latin1");
      if (/^(?:\+PONG|-[A-Z]+ )/.test(text)) done("redis");
      else done(/^HTTP\/|^<(?:!doctype|html)/i.test(text) ? "http" : "unknown");
    });
    socket.on("error", () => done("unknown"));
    socket.once("close", () => done("unknown"));
  });
}
