import { alias, type Named } from "../commands/aliases.ts";
import type { Command, RedisArgument } from "../commands/command.ts";
import * as commands from "../commands/index.ts";
import * as namespaces from "../commands/namespaces.ts";
import { raw } from "../commands/raw.ts";
import { type KeyScanOptions, pages, type ScanIteratorOptions } from "./scan.ts";
import { runScript, type Script } from "./script.ts";
import type { WithBuffers } from "./type-mapping.ts";

/** The functions of all commands, under both of their names: `hGetAll` and `HGETALL`. */
export type Functions = Named<typeof commands>;

/** The same for the commands of modules, below the name of the module: `json.get`. */
export type Namespaces = {
  readonly [Name in keyof typeof namespaces]: Named<(typeof namespaces)[Name]>;
};

type Methods<Of> = {
  [Name in keyof Of]: Of[Name] extends (...args: infer Args) => Command<infer Reply>
    ? (...args: Args) => Promise<Reply>
    : never;
};

type BufferMethods<Of> = {
  [Name in keyof Of]: Of[Name] extends (...args: infer Args) => Command<infer Reply>
    ? (...args: Args) => Promise<WithBuffers<Reply>>
    : never;
};

/** Every command as a method. */
export type CommandMethods = Methods<Functions> & {
  readonly [Name in keyof Namespaces]: Methods<Namespaces[Name]>;
};

/** {@link CommandMethods} with Buffers in place of strings in the replies. */
export type BufferCommandMethods = BufferMethods<Functions> & {
  readonly [Name in keyof Namespaces]: BufferMethods<Namespaces[Name]>;
};

type ScanIterators = Pick<CommandSurface, keyof CommandSurface & `${string}Iterator`>;

/** What {@link BufferCommandMethods} leaves of {@link CommandSurface}: iterators give Buffers, too. */
export type BufferCommandSurface = Omit<CommandSurface, keyof ScanIterators> & {
  [Name in keyof ScanIterators]: (
    ...args: Parameters<ScanIterators[Name]>
  ) => ReturnType<ScanIterators[Name]> extends AsyncGenerator<infer Batch>
    ? AsyncGenerator<WithBuffers<Batch>, void>
    : never;
};

/** A method for every command, over whatever carries commands out: a client, a view of it with other options. */
export abstract class CommandSurface {
  /** Carries out one command. */
  abstract execute<Reply>(command: Command<Reply>): Promise<Reply>;

  /**
   * Sends any command as words, for example `["OBJECT", "ENCODING", "key"]`. The reply is given as it comes.
   */
  sendCommand<Reply = unknown>(words: readonly RedisArgument[]): Promise<Reply> {
    return attempt(this, () => raw(words)) as Promise<Reply>;
  }

  /** Runs a script of {@link defineScript}, sending its source only when the server does not have it. */
  runScript<Call extends (...args: never) => unknown>(
    script: Script<Call>,
    ...args: Parameters<Call>
  ): Promise<ReturnType<Call>> {
    return runScript(this, script, args);
  }

  /** All keys, in batches as the server gives them: possibly empty ones, and a key may come more than once. */
  scanIterator(options: commands.ScanOptions & ScanIteratorOptions = {}): AsyncGenerator<string[], void> {
    return pages(
      this,
      (cursor) => commands.scan(cursor, options),
      ({ keys }) => keys,
      options.cursor,
    );
  }

  /** All fields of a hash with their values, in batches. */
  hScanIterator(
    key: RedisArgument,
    options: KeyScanOptions = {},
  ): AsyncGenerator<commands.HashEntry[], void> {
    return pages(
      this,
      (cursor) => commands.hScan(key, cursor, options),
      ({ entries }) => entries,
      options.cursor,
    );
  }

  /** All fields of a hash, in batches. Redis 7.4. */
  hScanNoValuesIterator(key: RedisArgument, options: KeyScanOptions = {}): AsyncGenerator<string[], void> {
    return pages(
      this,
      (cursor) => commands.hScanNoValues(key, cursor, options),
      ({ fields }) => fields,
      options.cursor,
    );
  }

  /** All values of a hash, in batches. */
  hScanValuesIterator(key: RedisArgument, options: KeyScanOptions = {}): AsyncGenerator<string[], void> {
    return pages(
      this,
      (cursor) => commands.hScan(key, cursor, options),
      ({ entries }) => entries.map(({ value }) => value),
      options.cursor,
    );
  }

  /** All members of a set, in batches. */
  sScanIterator(key: RedisArgument, options: KeyScanOptions = {}): AsyncGenerator<string[], void> {
    return pages(
      this,
      (cursor) => commands.sScan(key, cursor, options),
      ({ members }) => members,
      options.cursor,
    );
  }

  /** All members of a sorted set with their scores, in batches. */
  zScanIterator(
    key: RedisArgument,
    options: KeyScanOptions = {},
  ): AsyncGenerator<commands.SortedSetMember[], void> {
    return pages(
      this,
      (cursor) => commands.zScan(key, cursor, options),
      ({ members }) => members,
      options.cursor,
    );
  }
}

/** Bad arguments reject like any other failure of a command, rather than throwing at the call. */
function attempt<Reply>(surface: CommandSurface, make: () => Command<Reply>): Promise<Reply> {
  let command: Command<Reply>;
  try {
    command = make();
  } catch (error) {
    return Promise.reject(error as Error);
  }
  return surface.execute(command);
}

type Make = (...args: unknown[]) => Command<unknown>;
type MakeMethod<Self> = (make: Make) => (this: Self, ...args: unknown[]) => unknown;

/**
 * Gives a class a method for every command, under both of its names, and a getter for every namespace.
 * @param method makes the method from the function that makes the command
 */
export function defineCommands<Self extends object>(prototype: Self, method: MakeMethod<Self>): void {
  defineMethods(prototype, commands, method);
  for (const [name, functions] of Object.entries(namespaces)) {
    const View = class extends Namespace<Self> {};
    defineMethods<Namespace<Self>>(View.prototype, functions, (make) => {
      const call = method(make);
      return function (...args) {
        return call.apply(this.of, args);
      };
    });
    const get = function (this: Self) {
      return new View(this);
    };
    Object.defineProperty(prototype, name, { get, configurable: true });
  }
}

/** The commands of a module, over what carries commands out. */
class Namespace<Self> {
  readonly of: Self;

  constructor(of: Self) {
    this.of = of;
  }
}

function defineMethods<Self extends object>(
  prototype: Self,
  functions: object,
  method: MakeMethod<Self>,
): void {
  for (const [name, make] of Object.entries(functions) as [string, Make][]) {
    const value = method(make);
    Object.defineProperty(value, "name", { value: name });
    for (const key of [name, alias(name)]) {
      Object.defineProperty(prototype, key, { value, writable: true, configurable: true });
    }
  }
}

defineCommands(
  CommandSurface.prototype,
  (make) =>
    function (...args) {
      return attempt(this, () => make(...args));
    },
);
