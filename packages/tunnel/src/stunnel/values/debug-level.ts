import { ValueError } from "./value-error.ts";

/** A level of the system's log: 0 emergency … 3 error, 4 warning, 5 notice, 6 info, 7 debug. */
export type DebugLevel = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

const levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/** Names and numbers of syslog's facilities, RFC 5424 §6.2.1. */
const facilities = new Map(
  [
    "kern",
    "user",
    "mail",
    "daemon",
    "auth",
    "syslog",
    "lpr",
    "news",
    "uucp",
    "cron",
    "authpriv",
    "ftp",
    "",
    "",
    "",
    "",
    "local0",
    "local1",
    "local2",
    "local3",
    "local4",
    "local5",
    "local6",
    "local7",
  ].flatMap((name, number) => (name === "" ? [] : [[name, number] as const])),
);

/** Reads `info` or `6`. */
export function debugLevel(text: string): DebugLevel {
  const found = /^[0-7]$/.test(text) ? Number(text) : levels.indexOf(text.toLowerCase());
  if (found >= 0) return found as DebugLevel;
  throw new ValueError("Illegal debug level", `Write a number from 0 to 7, or one of: ${levels.join(", ")}.`);
}

/** What the global `debug` says. */
export interface GlobalDebug {
  readonly level: DebugLevel;
  /** Syslog's number of the facility; 3 is daemon. */
  readonly facility: number;
}

/** Reads `info`, `6` or `local0.info`. */
export function globalDebug(text: string): GlobalDebug {
  const dot = text.indexOf(".");
  if (dot < 0) return { level: debugLevel(text), facility: 3 };
  const facility = facilities.get(text.slice(0, dot).toLowerCase());
  if (facility === undefined)
    throw new ValueError("Illegal syslog facility", `Write one of: ${[...facilities.keys()].join(", ")}.`);
  return { level: debugLevel(text.slice(dot + 1)), facility };
}
