/** What is written of a connection that is over, or was not let in. Nothing of what went through it. */
export interface AccessEntry {
  /** Where it came in. */
  readonly listener: string;
  /** `10.0.0.4:40123`, or `unix`. */
  readonly peer: string;
  /** The proxy that it came through; null where none spoke for it. */
  readonly via: string | null;
  /** The name that the client asked for (SNI). */
  readonly servername: string | null;
  /** `TLSv1.3`, or null for plain text. */
  readonly protocol: string | null;
  /** Common name, or the first other name, of the client's certificate. */
  readonly certificate: string | null;
  /** Where it went; null when it went nowhere. */
  readonly upstream: string | null;
  /** Why it is over. */
  readonly reason: string;
  /** More about the reason; null when there is no more. */
  readonly detail: string | null;
  /** Bytes from the client. */
  readonly sent: number;
  /** Bytes to the client. */
  readonly received: number;
  /** How long it was open, ms. */
  readonly duration: number;
}

/** How the lines of an access log look. */
export type AccessLogFormat = "json" | "text";

/** Writes one line for each connection. */
export class AccessLog {
  readonly #format: AccessLogFormat;
  readonly #write: (line: string) => void;

  /** @param write takes a line without its end */
  constructor(format: AccessLogFormat, write: (line: string) => void) {
    this.#format = format;
    this.#write = write;
  }

  write(entry: AccessEntry, now: Date = new Date()): void {
    this.#write(this.#format === "json" ? jsonLine(entry, now) : textLine(entry, now));
  }
}

function jsonLine(entry: AccessEntry, now: Date): string {
  return JSON.stringify({ time: now.toISOString(), ...entry, duration: Math.round(entry.duration) });
}

function textLine(entry: AccessEntry, now: Date): string {
  const { listener, peer, via, servername, protocol, certificate, upstream, reason, detail } = entry;
  const said: [string, string | null][] = [
    ["via", via],
    ["sni", servername],
    ["tls", protocol],
    ["cert", certificate],
    ["to", upstream],
  ];
  const known = said.flatMap(([key, value]) => (value === null ? [] : [`${key}=${word(value)}`]));
  const counts = [`sent=${entry.sent}`, `received=${entry.received}`, `ms=${Math.round(entry.duration)}`];
  return [
    now.toISOString(),
    word(peer),
    `on=${word(listener)}`,
    ...known,
    `reason=${reason}`,
    ...counts,
    ...(detail === null ? [] : [JSON.stringify(detail)]),
  ].join(" ");
}

/** What a client chose to be called must not look like another field, nor begin another line. */
function word(value: string): string {
  return /^[\w.:*@/[\]-]+$/.test(value) ? value : JSON.stringify(value);
}
