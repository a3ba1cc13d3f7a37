import { createRequire } from "node:module";
import { BasicCommandParser } from "@redis/client/dist/lib/client/parser.js";
import nodeRedis from "@redis/client/dist/lib/commands/index.js";
import type { RedisArgument } from "../../../src/commands/command.ts";
import type { Case, ModuleCase } from "./cases/case.ts";

type Transform = (reply: unknown, preserve?: unknown) => unknown;

interface TheirCommand {
  parseCommand(parser: BasicCommandParser, ...args: readonly unknown[]): void;
  readonly transformReply?: Transform | Readonly<Record<2 | 3, Transform | undefined>>;
}

type TheirCommands = Readonly<Record<string, TheirCommand>>;

const core = nodeRedis as unknown as TheirCommands;

// Dependencies of `redis`, not ours.
const ofRedis = createRequire(createRequire(import.meta.url).resolve("redis"));
const moduleOf = <Module>(name: string): Module => (ofRedis(name) as { readonly default: Module }).default;

/** The commands of modules, by the name of the namespace. */
const theirModules: Readonly<Record<string, TheirCommands>> = {
  ...moduleOf<Readonly<Record<string, TheirCommands>>>("@redis/bloom"),
  json: moduleOf("@redis/json"),
  ft: moduleOf("@redis/search"),
  ts: moduleOf("@redis/time-series"),
};

/** Names in camel case that node-redis offers, each with its name in capitals. */
export const theirNames: ReadonlyMap<string, string> = namesOf(core);

/** {@link theirNames} of each namespace. */
export const theirModuleNames: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(theirModules).map(([name, commands]) => [name, namesOf(commands)]),
);

/** What node-redis sends for a call, and the key that it routes by. */
export function theirArguments(each: Case | ModuleCase): {
  sends: readonly RedisArgument[];
  firstKey: RedisArgument | undefined;
} {
  const { redisArgs, firstKey } = parsed(each);
  return { sends: redisArgs, firstKey };
}

/** What node-redis makes of a reply. */
export function theirValue(each: Case | ModuleCase, reply: unknown, protocol: 2 | 3): unknown {
  const { transformReply } = theirCommand(each[0]);
  const transform = typeof transformReply === "function" ? transformReply : transformReply?.[protocol];
  return transform === undefined ? reply : transform(reply, parsed(each).preserve);
}

function parsed([name, ...args]: Case | ModuleCase): BasicCommandParser {
  const parser = new BasicCommandParser();
  theirCommand(name).parseCommand(parser, ...args);
  return parser;
}

function theirCommand(path: string): TheirCommand {
  const [first, second] = path.split(".") as [string, string | undefined];
  const found = second === undefined ? core[first] : theirModules[first]?.[second];
  if (found === undefined) throw new Error(`node-redis has no ${path}`);
  return found;
}

function namesOf(commands: TheirCommands): ReadonlyMap<string, string> {
  const names = Object.keys(commands);
  const inCapitals = (name: string) =>
    names.find((other) => other === other.toUpperCase() && commands[other] === commands[name]) as string;
  return new Map(names.filter((name) => name !== name.toUpperCase()).map((name) => [name, inCapitals(name)]));
}
