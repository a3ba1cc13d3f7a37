import { globalDebug } from "../values/debug-level.ts";
import { ValueError } from "../values/value-error.ts";
import { anyText, text, word, yesNo } from "../values/words.ts";
import { option } from "./row.ts";

/** What stands before the first section and is about the process. */
export const globalOptions = {
  debug: option(
    globalDebug,
    "daemon.notice",
    "How much is logged: `[FACILITY.]LEVEL`, levels by name or number, `emerg` (0) to `debug` (7). Before the first section it is also the level of the sections.",
  ),
  fips: option(noFips, "no", "Only `no`: Node's own OpenSSL has no FIPS provider."),
  foreground: option(
    word(["yes", "quiet", "no"]),
    "no",
    "`yes` stays attached and logs to stderr besides `output`; `quiet` stays attached and does not; `no` goes to the background once all listeners are open.",
  ),
  log: option(
    word(["append", "overwrite"]),
    "append",
    "Whether the file of `output` is kept when it is opened.",
  ),
  output: option(
    text("The file"),
    "",
    "File to log to; `/dev/stdout` and `/dev/stderr` are the process's own.",
  ),
  pid: option(anyText, "", "File for the process id, removed at the end; nothing for none."),
  service: option(text("The name"), "stunnel", "Name of the program in the system's log."),
  setgid: option(
    text("The group"),
    "",
    "Group that the process takes, by name or number, when all listeners are open.",
  ),
  setuid: option(
    text("The user"),
    "",
    "User that the process becomes, by name or number, when all listeners are open.",
  ),
  syslog: option(
    yesNo,
    "yes in the background",
    "Whether the log goes to the system's log as well, through `logger`. stunnel's default is `yes`; in the foreground it is asked for here.",
  ),
} as const;

/** The name of a global option. */
export type GlobalOption = keyof typeof globalOptions;

function noFips(value: string): boolean {
  if (!yesNo(value)) return false;
  throw new ValueError(
    "FIPS mode is not available",
    "Remove the line, or start Node with --force-fips and an OpenSSL that has the FIPS provider.",
  );
}
