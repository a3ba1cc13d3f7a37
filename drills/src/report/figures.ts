import type { Performance } from "../perform.ts";
import type { Heard } from "../subject/plan.ts";

const number = new Intl.NumberFormat("en");

/** What a report says of a drill: the same words on the terminal and in the page. */
export interface Figures {
  readonly drill: string;
  readonly verdict: "passed" | "failed";
  readonly figures: Readonly<Record<string, string>>;
  readonly findings: readonly string[];
}

/** The figures of a drill, in words. */
export function figuresOf({ drill, ms, outcome, findings }: Performance): Figures {
  const verdict = findings.length === 0 ? "passed" : "failed";
  const took = { "whole drill": `${number.format(Math.round(ms / 100) / 10)} s` };
  if (outcome === null) return { drill: drill.name, verdict, figures: took, findings };
  const { account, serversMs, facts } = outcome;
  const { begin, end, recoverMs, settledTwice } = account;
  const figures = {
    load: `${number.format(account.asked)} commands in ${number.format(Math.round(account.ms / 100) / 10)} s`,
    answered: number.format(account.answered),
    rejected: rejections(account.failed),
    "never settled": number.format(account.pending),
    "settled twice": settledTwice === null ? "not visible in this version of Node" : String(settledTwice),
    "given to the wrong caller": number.format(account.misdelivered),
    "confirmed writes not found later": number.format(account.lost),
    "longest time without an answer":
      serversMs === undefined
        ? milliseconds(recoverMs)
        : `${milliseconds(recoverMs)}, of which the servers needed ${milliseconds(serversMs)}`,
    ...Object.fromEntries(
      account.heard.map((heard) => [`heard over RESP${heard.protocol}`, listened(heard)]),
    ),
    memory: `${kibibytes(begin.memory)}, then ${kibibytes(end.memory)}`,
    descriptors: `${begin.descriptors ?? "unknown"}, then ${end.descriptors ?? "unknown"}`,
    ...Object.fromEntries(
      Object.entries(facts).map(([name, fact]) => [
        name,
        typeof fact === "number" ? number.format(fact) : fact,
      ]),
    ),
    ...took,
  };
  return { drill: drill.name, verdict, figures, findings };
}

function rejections(failed: Readonly<Record<string, number>>): string {
  const words = Object.entries(failed).map(([code, count]) => `${number.format(count)} ${code}`);
  return words.length === 0 ? "0" : words.join(", ");
}

function listened({ published, received }: Heard): string {
  return `${number.format(received)} of ${number.format(published)} messages`;
}

function milliseconds(ms: number): string {
  return `${number.format(Math.round(ms))} ms`;
}

function kibibytes(bytes: number): string {
  return `${number.format(Math.round(bytes / 1024))} KiB`;
}
