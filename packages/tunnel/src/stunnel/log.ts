import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { RedoubtError } from "@redoubt/client";
import type { ProcessSettings } from "./service.ts";
import type { DebugLevel } from "./values/debug-level.ts";

/** Takes lines of the log, without line ends. */
export type LogSink = (line: string) => void;

/** Writes lines at most as grave as a level, for one subject: `ui` for the process, a number for a connection. */
export interface Logger {
  (level: DebugLevel, text: string): void;
}

/**
 * The log in stunnel's form, `2024.05.01 12:00:00 LOG5[ui]: text`, to whoever is asked for: standard error, a file, the
 * system's log.
 */
export class Log {
  readonly #own: LogSink | null;
  readonly #appends: boolean;
  #settings: ProcessSettings | null = null;
  #descriptor: number | null = null;
  #syslog: ChildProcess | null = null;

  /** Whether nothing is written for the time being: another process says it. */
  muted = false;

  /**
   * @param own takes all lines, besides what the configuration says; for programs that embed a tunnel
   * @param options `appends`: the file is another process's, too, and never overwritten
   */
  constructor(own: LogSink | null, { appends = false }: { readonly appends?: boolean } = {}) {
    this.#own = own;
    this.#appends = appends;
  }

  /**
   * Logs where this configuration says from now on.
   * @throws RedoubtError `CONFIG_FILE`
   */
  configure(settings: ProcessSettings): void {
    const fresh =
      settings.output === null ? null : openLog(settings.output, settings.overwrite && !this.#appends);
    this.#closeFile();
    this.#descriptor = fresh;
    this.#settings = settings;
    if (settings.syslog) this.#startSyslog(settings);
    else this.#endSyslog();
  }

  /** Opens the file anew, after it was moved away. */
  reopen(): void {
    if (this.#settings !== null) this.configure(this.#settings);
  }

  /** A writer for one subject. */
  for(id: string, level: DebugLevel): Logger {
    return (grade, text) => {
      if (grade <= level && !this.muted) this.#write(grade, id, text);
    };
  }

  close(): void {
    this.#closeFile();
    this.#endSyslog();
  }

  #write(grade: DebugLevel, id: string, text: string): void {
    // What a peer's certificate says is in here: it shall not begin a line of its own.
    const line = `LOG${grade}[${id}]: ${text.replace(/\p{Cc}/gu, "?")}`;
    const stamped = `${timestamp(new Date())} ${line}`;
    this.#own?.(stamped);
    if (this.#settings?.foreground === "yes") process.stderr.write(`${stamped}\n`);
    if (this.#descriptor !== null) writeLine(this.#descriptor, stamped);
    if (this.#syslog !== null) {
      const priority = (this.#settings?.facility ?? 3) * 8 + grade;
      this.#syslog.stdin?.write(`<${priority}>${line}\n`);
    }
  }

  #startSyslog({ serviceName }: ProcessSettings): void {
    this.#endSyslog();
    // Node has no datagram sockets of Unix; `logger` of util-linux speaks to the system's log.
    const child = spawn("logger", ["--prio-prefix", "--tag", serviceName], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    child.on("error", () => this.#lost(child));
    child.on("exit", () => this.#lost(child));
    child.stdin.on("error", () => {});
    this.#syslog = child;
  }

  #lost(child: ChildProcess): void {
    if (this.#syslog === child) this.#syslog = null;
  }

  #endSyslog(): void {
    const child = this.#syslog;
    this.#syslog = null;
    child?.stdin?.end();
  }

  #closeFile(): void {
    if (this.#descriptor !== null && this.#descriptor > 2) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

function openLog(path: string, overwrite: boolean): number {
  // The process's own streams: as files they could not be opened where they are sockets.
  if (path === "/dev/stdout") return 1;
  if (path === "/dev/stderr") return 2;
  try {
    return openSync(path, overwrite ? "w" : "a", 0o640);
  } catch (cause) {
    throw new RedoubtError("CONFIG_FILE", `Cannot open log file: ${path}`, {
      cause,
      hint: "Name a file in output that this user may write.",
    });
  }
}

function writeLine(descriptor: number, line: string): void {
  try {
    writeSync(descriptor, `${line}\n`);
  } catch {
    // A full disk, a reader that is gone: connections matter more than the log.
  }
}

function timestamp(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}.${two(now.getMonth() + 1)}.${two(now.getDate())}`;
  return `${day} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
}
