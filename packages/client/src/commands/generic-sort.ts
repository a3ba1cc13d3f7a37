import { type OneOrMore, several } from "./argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";
import { asWord } from "./keys.ts";

const SORT = spec("SORT", { keys: sourceAndDestination });
const SORT_RO = spec("SORT_RO", { readonly: true });

/** Options of {@link sort}. */
export interface SortOptions {
  /** Sort by the value of this key, `*` standing for the element; `nosort` keeps the order. */
  readonly BY?: RedisArgument | undefined;
  readonly LIMIT?: { readonly offset: number; readonly count: number } | undefined;
  /** Answer the value of this key instead of the element (`#`: the element itself). */
  readonly GET?: OneOrMore | undefined;
  readonly DIRECTION?: "ASC" | "DESC" | undefined;
  /** Sort as text, not as numbers. */
  readonly ALPHA?: boolean | undefined;
}

/** The elements of a list, set or sorted set in order; null for what `GET` did not find. */
export function sort(key: RedisArgument, options?: SortOptions): Command<(string | null)[]> {
  return command(SORT, sortArguments(SORT, key, options));
}

/** {@link sort} that a replica may answer. */
export function sortRo(key: RedisArgument, options?: SortOptions): Command<(string | null)[]> {
  return command(SORT_RO, sortArguments(SORT_RO, key, options));
}

/** {@link sort} into a list; answers its length. */
export function sortStore(
  source: RedisArgument,
  destination: RedisArgument,
  options?: SortOptions,
): Command<number> {
  return command(SORT, [...sortArguments(SORT, source, options), "STORE", destination]);
}

function sortArguments(of: CommandSpec, key: RedisArgument, options: SortOptions = {}): RedisArgument[] {
  const args = [key];
  if (options.BY !== undefined) args.push("BY", options.BY);
  if (options.LIMIT !== undefined) args.push("LIMIT", options.LIMIT.offset, options.LIMIT.count);
  if (options.GET !== undefined)
    for (const pattern of several(of, "GET", options.GET)) args.push("GET", pattern);
  if (options.DIRECTION !== undefined) args.push(options.DIRECTION);
  if (options.ALPHA) args.push("ALPHA");
  return args;
}

/** The first argument, and the one after `STORE`: unless that is a pattern, after `BY` or `GET`. */
function sourceAndDestination(args: readonly RedisArgument[]): readonly RedisArgument[] {
  const store = args.findIndex(
    (arg, i) => i > 0 && asWord(arg) === "STORE" && !["BY", "GET"].includes(asWord(args[i - 1])),
  );
  return store === -1 ? args.slice(0, 1) : [...args.slice(0, 1), ...args.slice(store + 1, store + 2)];
}
