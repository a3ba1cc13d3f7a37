import { statisticsOf, type TcpingAttempt, type TcpOutcome, type TimeStatistics } from "@redoubt/network";
import type { Output } from "./output.ts";

/** All attempts at one address, in order. */
export interface Tally {
  readonly host: string;
  readonly address: TcpingAttempt["address"];
  readonly attempts: readonly TcpingAttempt[];
}

const words: Readonly<Record<TcpOutcome, string>> = {
  open: "open",
  refused: "refused: the host is there, nothing listens on the port",
  timeout: "timeout: no answer, something drops the packets or nobody is there",
  unreachable: "unreachable: no way leads there",
  reset: "reset: closed at once",
  tls: "open, and the TLS handshake failed",
  failed: "failed",
};

/** One attempt as a line for people. */
export function attemptLine(attempt: TcpingAttempt, output: Output): string {
  const { sequence, outcome, ms, tlsMs, code, detail } = attempt;
  const isOpen = outcome === "open";
  const tls = tlsMs === null ? "" : `  tls ${time(tlsMs)}`;
  const why = isOpen ? detail : `${words[outcome]} (${code ?? "unknown"}) ${detail}`.trimEnd();
  const text = `${output.paint(isOpen ? "good" : "bad", outcome.padEnd(11))}  ${time(ms)}${tls}`;
  return `${String(sequence).padStart(4)}  ${output.foreign(placeText(attempt))}  ${text}  ${output.foreign(why)}`.trimEnd();
}

/** One attempt as a line of `--json`. */
export function attemptRow(attempt: TcpingAttempt) {
  const { sequence, host, address, outcome, ms, tlsMs, code, detail } = attempt;
  return {
    type: "attempt",
    sequence,
    host,
    address: address.ip,
    port: address.port,
    outcome,
    ms: rounded(ms),
    tlsMs: tlsMs === null ? null : rounded(tlsMs),
    code,
    detail: detail === "" ? null : detail,
  };
}

/** The statistics of one address as lines for people. */
export function tallyLines(tally: Tally, output: Output): string {
  const { sent, open, loss, tcp, tls, outcomes } = summaryOf(tally);
  const failed = Object.entries(outcomes).filter(([outcome]) => outcome !== "open");
  const rest = failed.map(([outcome, count]) => `, ${count} ${outcome}`).join("");
  const lost = output.paint(open === sent ? "good" : "bad", `${loss.toFixed(1)} % lost`);
  return [
    `\n${output.foreign(placeText(tally))}: ${sent} sent, ${open} open${rest}, ${lost}`,
    ...statisticsLine("tcp", tcp),
    ...statisticsLine("tls", tls),
  ].join("\n");
}

/** The statistics of one address as a line of `--json`. */
export function tallyRow(tally: Tally) {
  const { tcp, tls, ...counts } = summaryOf(tally);
  return {
    type: "summary",
    host: tally.host,
    address: tally.address.ip,
    port: tally.address.port,
    ...counts,
    tcp: roundedAll(tcp),
    tls: roundedAll(tls),
  };
}

function summaryOf({ attempts }: Tally) {
  const reached = attempts.filter(({ outcome }) => outcome === "open" || outcome === "tls");
  const open = attempts.filter(({ outcome }) => outcome === "open").length;
  const outcomes: Partial<Record<TcpOutcome, number>> = {};
  for (const { outcome } of attempts) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    sent: attempts.length,
    open,
    /** Per cent. */
    loss: ((attempts.length - open) / attempts.length) * 100,
    outcomes,
    tcp: statisticsOf(reached.map(({ ms }) => ms)),
    tls: statisticsOf(attempts.flatMap(({ tlsMs }) => (tlsMs === null ? [] : [tlsMs]))),
  };
}

function statisticsLine(name: string, statistics: TimeStatistics | null): string[] {
  if (statistics === null) return [];
  const { min, average, median, p99, max, jitter } = statistics;
  const figures = Object.entries({ min, average, median, p99, max, jitter });
  return [`  ${name}  ${figures.map(([label, ms]) => `${label} ${ms.toFixed(2)}`).join("  ")} ms`];
}

function placeText({ host, address: { ip, port } }: Pick<Tally, "host" | "address">): string {
  const address = ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
  return host === ip ? address : `${host} (${address})`;
}

function time(ms: number): string {
  return `${ms.toFixed(2).padStart(8)} ms`;
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function roundedAll(statistics: TimeStatistics | null) {
  if (statistics === null) return null;
  return Object.fromEntries(Object.entries(statistics).map(([key, ms]) => [key, rounded(ms as number)]));
}
