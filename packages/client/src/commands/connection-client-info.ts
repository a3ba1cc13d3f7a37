/** What the server knows of a connection. Absent is what the server's version does not tell. */
export interface ClientInfo {
  readonly id: number;
  readonly addr: string;
  readonly laddr?: string;
  readonly fd: number;
  readonly name: string;
  /** Seconds since it was opened. */
  readonly age: number;
  /** Seconds since its last command. */
  readonly idle: number;
  readonly flags: string;
  readonly db: number;
  readonly sub: number;
  readonly psub: number;
  readonly ssub?: number;
  readonly multi: number;
  readonly watch?: number;
  readonly qbuf: number;
  readonly qbufFree: number;
  readonly argvMem?: number;
  readonly multiMem?: number;
  readonly rbs?: number;
  readonly rbp?: number;
  readonly obl: number;
  readonly oll: number;
  readonly omem: number;
  readonly totMem?: number;
  readonly events: string;
  readonly cmd: string;
  readonly user?: string;
  readonly redir?: number;
  readonly resp?: number;
  readonly libName?: string;
  readonly libVer?: string;
  /** What newer servers add. */
  readonly [more: string]: string | number | undefined;
}

const textual = new Set(["addr", "laddr", "name", "flags", "events", "cmd", "user", "libName", "libVer"]);

/** Reads one line of `name=value` fields. */
export function toClientInfo(line: string): ClientInfo {
  const info: Record<string, string | number> = {};
  for (const [, field = "", value = ""] of line.matchAll(/([^\s=]+)=(\S*)/g)) {
    const name = field.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const number = Number(value);
    info[name] = textual.has(name) || value === "" || Number.isNaN(number) ? value : number;
  }
  return info as unknown as ClientInfo;
}

/** Reads one connection from each line. */
export function toClientInfos(text: string): ClientInfo[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map(toClientInfo);
}
