import { parseArgs } from "node:util";
import { lineup, rawSocket } from "./clients/lineup.ts";
import type { Transport } from "./measurement.ts";
import { type NodeProgram, nodeAt, nodeOfMajor } from "./node-program.ts";
import { otherNodeShapes, placesOf } from "./places.ts";
import type { Participant, Plan } from "./rounds.ts";
import { shapes } from "./shapes/table.ts";

/** What the command line asks for. */
export interface Invocation {
  /** One for each Node. */
  readonly plans: readonly Plan[];
  /** Whether the Nodes are others than the usual one: their rows have a section of their own. */
  readonly otherNodes: boolean;
  /** Two builds of Redoubt are compared with each other, nobody else. */
  readonly comparesBuilds: boolean;
  /** Whether the figures go into the documentation: surely, only if the machine was quiet, or not. */
  readonly publishes: "always" | "if quiet" | "never";
}

/** After so many ms a quick run begins nothing more: it ends within two minutes. */
const quickLimit = 108_000;

/** Text of `--help`. */
export const usage = `npm run bench -- [options]

  --quick              every shape over TLS once, within two minutes
  --clients a,b        of: ${[...Object.keys(lineup), rawSocket].join(" ")}
  --transports a,b     of: tls tcp
  --shapes a,b         of: ${Object.keys(shapes).join(" ")}
  --part 2/3           the second third of all that
  --rounds n           default 3, for other Nodes 2, quick 1
  --secs n             of one measurement; default 0.5, quick 0.2
  --warm n             seconds before it; default 0.2, quick 0.15
  --node 22,24         other Nodes, by their major versions: fewer shapes, over TLS
  --node path          another Node for everything
  --publish            writes docs/performance.md, .json and .svg; what was measured takes the
                       place of the same rows, the others stay. A full run does so by itself,
                       unless others disturbed most of it
  --profile            prints where the time goes; with --clients redoubt, say
  --ab distA distB     compares two builds of packages/client: their folders dist`;

const numbers = {
  rounds: { full: 3, quick: 1 },
  secs: { full: 0.5, quick: 0.2 },
  warm: { full: 0.2, quick: 0.15 },
};

const transports: readonly Transport[] = ["tls", "tcp"];

/**
 * Reads the command line, and fetches the Nodes that it names.
 *
 * @param dist which build of Redoubt takes part, unless two are named
 * @throws Error naming what is wrong with it
 */
export async function readArguments(argv: readonly string[], dist: string): Promise<Invocation> {
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
      part: text,
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
  const everybody = Object.keys(lineup).filter((name) => !quick || lineup[name]?.quick === true);
  const chosen = choose(
    "clients",
    values.clients,
    [...Object.keys(lineup), rawSocket],
    [...everybody, rawSocket],
  );
  const majors = /^[\d,]+$/.test(values.node ?? "") ? (values.node as string).split(",").map(Number) : null;
  const usual = majors === null ? null : otherNodeShapes;
  const named = choose("shapes", values.shapes, Object.keys(shapes), usual ?? Object.keys(shapes));
  const over = choose(
    "transports",
    values.transports,
    transports,
    quick || ab || majors ? ["tls"] : transports,
  );
  const [a = "", b = ""] = positionals;
  const plan: Omit<Plan, "node"> = {
    participants: ab
      ? twoBuilds(a, b)
      : chosen.map((name) => ({ name, contender: name, dist, once: lineup[name]?.slower === true })),
    places: part(values.part, placesOf(over, named, values.shapes !== undefined)),
    rounds: values.rounds === undefined && majors !== null ? 2 : number("rounds"),
    duration: number("secs") * 1000,
    warmUp: number("warm") * 1000,
    retries: quick ? 0 : 1,
    patience: quick ? 0 : 1000,
    profiles: values.profile,
    sparing: quick,
    limit: quick ? quickLimit : Number.POSITIVE_INFINITY,
  };
  const partial = [values.clients, values.transports, values.shapes, values.part, values.node].some(
    (each) => each !== undefined,
  );
  return {
    plans: (await nodes(majors, values.node)).map((node) => ({ ...plan, node })),
    otherNodes: majors !== null,
    comparesBuilds: ab,
    publishes: values.publish ? "always" : quick || ab || partial || values.profile ? "never" : "if quiet",
  };
}

function nodes(majors: readonly number[] | null, path: string | undefined): Promise<NodeProgram[]> {
  if (majors !== null) return Promise.all(majors.map(nodeOfMajor));
  return Promise.resolve([nodeAt(path ?? process.execPath)]);
}

function part<Item>(given: string | undefined, all: readonly Item[]): readonly Item[] {
  if (given === undefined) return all;
  const [, which, of] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(given) ?? [];
  if (which === undefined || Number(which) > Number(of))
    throw new Error(`--part ${given} is not of the form 2/3`);
  const end = (n: number): number => Math.round((all.length * n) / Number(of));
  return all.slice(end(Number(which) - 1), end(Number(which)));
}

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
