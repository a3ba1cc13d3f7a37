import { createHash } from "node:crypto";

/** One line of a configuration file: the name of the directive, then its arguments, not yet quoted. */
export type Directive = readonly [name: string, ...args: string[]];

/** An ACL user of the server. */
export interface UserOptions {
  /** Its password; `false` for none (anybody may log in as this user). */
  readonly password: string | false;
  /** What it may do, in the words of `ACL SETUSER`. Default: everything, `~* &* +@all`. */
  readonly rules?: string;
}

/** Directives that options of their own decide; a configuration line must not contradict them. */
const owners: Readonly<Record<string, string>> = {
  port: "port",
  "tls-port": "tlsPort",
  bind: "bind",
  dir: "directory",
  requirepass: "password",
  masterauth: "replicaOf",
  primaryauth: "replicaOf",
  masteruser: "replicaOf",
  primaryuser: "replicaOf",
  replicaof: "replicaOf",
  slaveof: "replicaOf",
  user: "users",
  aclfile: "users",
  "tls-cert-file": "certificate",
  "tls-key-file": "certificate",
  "tls-ca-cert-file": "authority",
  "tls-ca-cert-dir": "authority",
  "tls-auth-clients": "clientCertificates",
  "tls-protocols": "protocols",
  "tls-ciphers": "ciphers",
  "tls-ciphersuites": "ciphersuites",
};

/** Directives on which starting, watching and stopping the server depend. */
const reserved = new Set([
  "daemonize",
  "supervised",
  "pidfile",
  "logfile",
  "loglevel",
  "syslog-enabled",
  "include",
]);

/**
 * Writes a configuration file.
 *
 * @param directives their arguments may hold any characters: they are quoted where that is needed
 * @param lines taken as they are, behind the directives
 */
export function formatConfig(directives: readonly Directive[], lines: readonly string[] = []): string {
  const written = directives.map(([name, ...args]) => [name, ...args.map(quote)].join(" "));
  return [...written, ...lines].map((line) => `${line}\n`).join("");
}

/** Quotes an argument the way the server's own splitter reads it (`sdssplitargs`: `\xHH`, byte by byte). */
export function quote(argument: string): string {
  if (/^[\w.:/@%+*&~>#,-]+$/.test(argument)) return argument;
  const escaped = Array.from(Buffer.from(argument), (byte) => {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === "\\") return `\\${character}`;
    return byte >= 0x20 && byte < 0x7f ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `"${escaped.join("")}"`;
}

/**
 * Writes an ACL user as a directive. The password goes in as its SHA-256, so that the file does not give it away.
 *
 * @throws Error when the name cannot be written
 */
export function userDirective(name: string, { password, rules = "~* &* +@all" }: UserOptions): Directive {
  if (!/^[^\s\0]+$/.test(name))
    throw new Error(`option "users": the name ${JSON.stringify(name)} is empty or has a space in it`);
  const secret = password === false ? "nopass" : `#${createHash("sha256").update(password).digest("hex")}`;
  return ["user", name, "on", secret, ...rules.split(/\s+/).filter(Boolean)];
}

/**
 * Checks the caller's own configuration lines.
 *
 * @throws Error naming line and directive when one of them belongs to an option, or would break starting and stopping
 */
export function checkLines(lines: readonly string[]): void {
  for (const [index, line] of lines.entries()) {
    const at = `option "config", line ${index + 1}`;
    if (/[\r\n\0]/.test(line)) throw new Error(`${at}: give one directive per entry, without a line break`);
    const name = line.trim().split(/\s+/)[0]?.toLowerCase() ?? "";
    const owner = owners[name];
    if (owner !== undefined) throw new Error(`${at}: "${name}" is set by the option "${owner}"; use that`);
    if (reserved.has(name))
      throw new Error(`${at}: "${name}" cannot be changed: starting the server needs it`);
  }
}
