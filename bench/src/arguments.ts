import { parseArgs } from "node:util";
import { lineup, rawSocket } from "./clients/lineup.ts";
import type { Transport } from "./measurement.ts";
import type { Participant, Plan } from "./rounds.ts";
import { shapes } from "./shapes/table.ts";

/** What the command line asks for. */
export interface Invocation {
  readonly plan: Plan;
  /** Two builds of Redoubt are compared with each other, nobody else. */
  readonly comparesBuilds: boolean;
  /** Whether the figures go into the documentation: surely, only if the machine was quiet, or not. */
  readonly publishes: "always" | "if quiet" | "never";
}

/** After so many ms a quick run begins nothing more: it ends within two minutes. */
const quickLimit = 108_000;

/** Text of `--help`. */
export const usage = `npm run bench -- [options]

  --quick              most shapes over TLS once, within two minutes
  --clients a,b        of: ${[...Object.keys(lineup), rawSocket].join(" ")}
  --transports a,b     of: tls tcp
  --shapes a,b         of: ${Object.keys(shapes).join(" ")}
  --rounds n           default 3, quick 1
  --secs n             of one measurement; default 1.5, quick 0.3
  --warm n             seconds before it; default 0.5, quick 0.2
  --node path          another Node for the clients
  --publish            writes docs/performance.md, .json and .svg; a full run of
                       everything does so by itself, unless others disturbed most of it
  --profile            prints where the time goes; with --clients redoubt, say
  --ab distA distB     compares two builds of packages/client: their folders dist`;

const numbers = {
  rounds: { full: 3, quick: 1 },
  secs: { full: 1.5, quick: 0.3 },
  warm: { full: 0.5, quick: 0.2 },
};

/**
 * Reads the command line.
 *
 * @param dist which build of Redoubt takes part, unless two are named
 * @throws Error naming what is wrong with it
 */
export function readArguments(argv: readonly string[], dist: string): Invocation {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      quick: flag,
      publish: flag,
      ab: flag,
      profile: flag,
      clients: text,
      transports: text,
      shapes: text,
      rounds: text,
      secs: text,
      warm: text,
      node: text,
    },
  });
  const { quick, ab } = values;
  if (positionals.length !== (ab ? 2 : 0))
    throw new Error(`${ab ? "--ab needs two folders dist" : `what is ${positionals[0]}?`}`);
  const number = (name: keyof typeof numbers): number => {
    const given = values[name];
    const found = given === undefined ? numbers[name][quick ? "quick" : "full"] : Number(given);
    if (!(found > 0)) throw new Error(`--${name} ${given} is not a number above 0`);
    return found;
  };
  const everybody = Object.keys(lineup).filter((name) => !quick || lineup[name]?.slower === false);
  const chosen = choose(
    "clients",
    values.clients,
    [...Object.keys(lineup), rawSocket],
    [...everybody, rawSocket],
  );
  const partial = [values.clients, values.transports, values.shapes].some((each) => each !== undefined);
  const [a = "", b = ""] = positionals;
  return {
    plan: {
      participants: ab ? twoBuilds(a, b) : chosen.map((name) => ({ name, contender: name, dist })),
      transports: choose("transports", values.transports, transports, quick || ab ? ["tls"] : transports),
      shapes: choose(
        "shapes",
        values.shapes,
        Object.keys(shapes),
        Object.keys(shapes).filter((name) => !quick || shapes[name]?.slow !== true),
      ),
      rounds: number("rounds"),
      duration: number("secs") * 1000,
      warmUp: number("warm") * 1000,
      retries: quick ? 0 : 2,
      patience: quick ? 0 : 3000,
      node: values.node ?? process.execPath,
      profiles: values.profile,
      limit: quick ? quickLimit : Number.POSITIVE_INFINITY,
    },
    comparesBuilds: ab,
    publishes: values.publish ? "always" : quick || ab || partial || values.profile ? "never" : "if quiet",
  };
}

const transports: readonly Transport[] = ["tls", "tcp"];

function twoBuilds(a: string, b: string): Participant[] {
  return [
    { name: "A", contender: "redoubt", dist: a },
    { name: "B", contender: "redoubt", dist: b },
  ];
}

function choose<Name extends string>(
  option: string,
  given: string | undefined,
  known: readonly Name[],
  usual: readonly Name[],
): readonly Name[] {
  if (given === undefined) return usual;
  return given.split(",").map((name) => {
    const found = known.find((each) => each === name);
    if (found === undefined) throw new Error(`--${option}: ${name} is none of ${known.join(" ")}`);
    return found;
  });
}
