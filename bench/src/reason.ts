import { whoWasBusy } from "./busy.ts";
import { lineup, rawSocket } from "./clients/lineup.ts";
import { find, type Row, type Summary, standing } from "./comparison.ts";
import { disturbance } from "./measurement.ts";

/** From this part of the median on it is told how far the rounds lie apart. */
const wide = 0.15;

const percent = (part: number | undefined): string => `${((part ?? Number.NaN) * 100).toFixed(0)} %`;

/**
 * Why a row stays below its goal, out of what was measured in the same run: what the bare socket made of it, who was busy, and
 * what a command costs us, the best peer and the bare socket. One line.
 *
 * @returns null when the goal is reached, or there is none
 */
export function whyBelow(row: Row): string | null {
  const found = standing(row);
  if (found === null || found.reached !== false) return null;
  const { ours, best, overPeer } = found;
  const raw = find(row, rawSocket);
  const goal = row.shape.goal[row.transport];
  const parts: string[] = [];
  if (raw !== undefined && best !== undefined && goal.peer !== undefined && (overPeer ?? 0) < goal.peer)
    parts.push(ceiling(raw, best, goal.peer, row.shape.better));
  if (ours.clientCpus !== undefined) parts.push(busyIn(ours, ours.clientCpus));
  const cost = costs(ours, best, raw);
  if (cost !== null) parts.push(cost);
  const spread = Math.max(ours.spread, best?.spread ?? 0);
  if (spread >= wide) parts.push(`the rounds of one of the two lie ${percent(spread)} apart`);
  const others = Math.max(ours.otherCpus ?? 0, best?.otherCpus ?? 0);
  if (others > disturbance) parts.push(`others used up to ${others.toFixed(1)} CPUs meanwhile`);
  return parts.length === 0 ? "only the figure itself was measured" : parts.join("; ");
}

/** How many times the best peer the bare socket makes. */
function ceiling(raw: Summary, best: Summary, goal: number, better: "more" | "less"): string {
  const times = better === "more" ? raw.value / best.value : best.value / raw.value;
  const said = `the bare socket makes ${times.toFixed(2)} times the best peer`;
  return times < goal ? `${said}: the goal of ${goal} is beyond it here` : said;
}

function busyIn({ serverCpus = Number.NaN }: Summary, clientCpus: number): string {
  return whoWasBusy([
    { name: "client", called: "our process", cpus: clientCpus },
    { name: "server", called: "the server", cpus: serverCpus },
  ]);
}

/** CPU of the client per command: ours, the peer's, the bare socket's. */
function costs(ours: Summary, best: Summary | undefined, raw: Summary | undefined): string | null {
  if (ours.clientMicros === undefined) return null;
  const micros = ({ clientMicros = Number.NaN }: Summary): string =>
    clientMicros.toFixed(clientMicros < 100 ? 2 : 0);
  const others: string[] = [];
  if (best?.clientMicros !== undefined)
    others.push(`${lineup[best.contender]?.title ?? best.contender} ${micros(best)}`);
  if (raw?.clientMicros !== undefined) others.push(`the bare socket ${micros(raw)}`);
  return `CPU per command ${micros(ours)} µs${others.length > 0 ? `, ${others.join(", ")}` : ""}`;
}
