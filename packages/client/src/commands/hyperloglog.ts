import { isList, type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { keysFrom } from "./keys.ts";

const PFADD = spec("PFADD");
const PFCOUNT = spec("PFCOUNT", { keys: keysFrom(0), readonly: true });
const PFMERGE = spec("PFMERGE", { keys: keysFrom(0) });

/** Counts elements as seen; answers 1 when the estimate changed. Without elements it only makes the key. */
export function pfAdd(key: RedisArgument, element: OneOrMore = []): Command<number> {
  return command(PFADD, isList(element) ? [key, ...element] : [key, element]);
}

/** About how many different elements were seen in all the keys together. */
export function pfCount(keys: OneOrMore): Command<number> {
  return command(PFCOUNT, [...several(PFCOUNT, "keys", keys)]);
}

/** Adds what the sources have seen to `destination`. */
export function pfMerge(destination: RedisArgument, sources: OneOrMore = []): Command<"OK"> {
  return command(PFMERGE, isList(sources) ? [destination, ...sources] : [destination, sources]);
}
