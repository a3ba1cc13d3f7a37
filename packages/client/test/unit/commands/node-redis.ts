import { BasicCommandParser } from "@redis/client/dist/lib/client/parser.js";
import nodeRedis from "@redis/client/dist/lib/commands/index.js";
import type { RedisArgument } from "../../../src/commands/command.ts";
import type { Case } from "./cases/case.ts";

interface TheirCommand {
  parseCommand(parser: BasicCommandParser, ...args: readonly unknown[]): void;
}

const theirs = nodeRedis as unknown as Readonly<Record<string, TheirCommand>>;

/** Names in camel case that node-redis offers, each with its name in capitals. */
export const theirNames: ReadonlyMap<string, string> = new Map(
  Object.keys(theirs)
    .filter((name) => name !== name.toUpperCase())
    .map((name) => [
      name,
      Object.keys(theirs).find(
        (other) => other === other.toUpperCase() && theirs[other] === theirs[name],
      ) as string,
    ]),
);

/** What node-redis sends for a call, and the key that it routes by. */
export function theirArguments([name, ...args]: Case): {
  sends: readonly RedisArgument[];
  firstKey: RedisArgument | undefined;
} {
  const parser = new BasicCommandParser();
  (theirs[name] as TheirCommand).parseCommand(parser, ...args);
  return { sends: parser.redisArgs, firstKey: parser.firstKey };
}
