/** What a line of a log says. */
export interface ParsedLine {
  /** ms since 1970; null for a line without a time of its own. */
  readonly time: number | null;
  readonly message: string;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `123:M 29 Nov 2026 23:01:24.123 * Ready to accept connections`: process, role, time, level, text. */
const legacy = /^\d+:[XCSM] (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d)\.(\d{3}) [.\-*#] (.*)$/;
/** Valkey with `log-timestamp-format iso8601`. */
const iso = /^\d+:[XCSM] (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*) [.\-*#] (.*)$/;
/** As `LogWriter` writes it. */
const own = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.*)$/;

/**
 * Reads a line of redis-server, valkey-server, Sentinel or `LogWriter`. Others, such as those of a crash report, are taken as
 * they are and have no time.
 */
export function parseLine(line: string): ParsedLine {
  const dated = own.exec(line) ?? iso.exec(line);
  if (dated !== null) {
    const time = Date.parse(dated[1] as string);
    if (!Number.isNaN(time)) return { time, message: dated[2] as string };
  }
  const found = legacy.exec(line);
  const month = months.indexOf(found?.[2] ?? "");
  if (found === null || month < 0) return { time: null, message: line };
  const [day, year, hour, minute, second, ms] = [1, 3, 4, 5, 6, 7].map((at) => Number(found[at])) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // Servers write the time of the place, without saying which; this process is in the same.
  return {
    time: new Date(year, month, day, hour, minute, second, ms).getTime(),
    message: found[8] as string,
  };
}
