import type { Performance } from "../perform.ts";
import { allowedGrowth } from "../verdict.ts";
import { figuresOf } from "./figures.ts";

/** Where the figures come from. */
export interface Circumstances {
  /** `v20.20.2`. */
  readonly node: string;
  /** `Redis 7.0.15`. */
  readonly server: string;
  readonly cpus: number;
  /** `2026-05-17`. */
  readonly day: string;
}

/** The guide page of the drills, in Markdown. `npm run drill -- --write` writes it; nobody else does. */
export function page(
  performances: readonly Performance[],
  { node, server, cpus, day }: Circumstances,
): string {
  const sections = performances.map((performance) => {
    const { title, what, name } = performance.drill;
    const rows = Object.entries(figuresOf(performance).figures).map(
      ([figure, value]) => `| ${figure} | ${value} |`,
    );
    return [
      `## ${title}`,
      `\`npm run drill -- ${name}\``,
      what,
      ["| Figure | Measured |", "|---|---|", ...rows].join("\n"),
    ].join("\n\n");
  });
  return `${[head(day, node, server, cpus), ...sections].join("\n\n")}\n`;
}

function head(day: string, node: string, server: string, cpus: number): string {
  return `<!-- Written by \`npm run drill -- --write\`. Do not edit: the words are in drills/src. -->

# Failure drills

What callers see when servers die, networks stall and certificates and tokens change, measured against real servers with TLS.

\`\`\`sh text
npm run drill                    # all, one after the other, in about a minute
npm run drill -- stalled-socket  # one
\`\`\`

The clients run in a process of their own. Workers write keys and read them again, one command at a time each; every value
carries its key and the number of the write in every part of it. Half-way something breaks. In every drill, and whatever it is:

- every promise is settled, and once;
- no reply goes to the wrong caller, and none is put together from pieces of two;
- commands are rejected with the codes that the drill allows, and with no others;
- callers have answers again in the time that the drill allows, besides what the servers themselves need;
- after garbage collection no more than ${allowedGrowth / 1024 / 1024} MiB has come on top of the memory, compiled code included, and no descriptor is left over;
- although nobody listens to \`error\`, the process lives on; when the clients are closed, it ends by itself.

A drill that does not hold to this fails, and \`npm run drill\` with it.

Measured on ${day} with Node ${node} and ${server}, all on one machine with ${cpus} CPUs.`;
}
