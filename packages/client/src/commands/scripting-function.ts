import type { Buffer } from "node:buffer";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Mapping, toObject } from "./decode.ts";
import type { FlushMode } from "./server.ts";

/** Libraries of functions, which the server keeps with its data. */

const FUNCTION_DELETE = spec("FUNCTION DELETE", { keys: null });
const FUNCTION_DUMP = spec("FUNCTION DUMP", { keys: null, shape: "bytes" });
const FUNCTION_FLUSH = spec("FUNCTION FLUSH", { keys: null });
const FUNCTION_KILL = spec("FUNCTION KILL", { keys: null });
const FUNCTION_LIST = spec("FUNCTION LIST", { keys: null });
const FUNCTION_LOAD = spec("FUNCTION LOAD", { keys: null });
const FUNCTION_RESTORE = spec("FUNCTION RESTORE", { keys: null });
const FUNCTION_STATS = spec("FUNCTION STATS", { keys: null, shape: "object" });

/** Options of {@link functionList}. */
export interface FunctionListOptions {
  /** Pattern that names of libraries must match. */
  readonly LIBRARYNAME?: RedisArgument | undefined;
}

/** Options of {@link functionLoad}. */
export interface FunctionLoadOptions {
  /** Overwrite a library of the same name. */
  readonly REPLACE?: boolean | undefined;
}

/** Options of {@link functionRestore}. */
export interface FunctionRestoreOptions {
  /** Delete all libraries before, refuse names that exist (default), or overwrite them. */
  readonly mode?: "FLUSH" | "APPEND" | "REPLACE" | undefined;
}

/** A library and its functions. */
export interface FunctionLibrary {
  readonly library_name: string;
  readonly engine: string;
  readonly functions: {
    readonly name: string;
    readonly description: string | null;
    readonly flags: string[];
  }[];
}

/** A library with its source. */
export interface FunctionLibraryWithCode extends FunctionLibrary {
  readonly library_code: string;
}

/** What runs now, and what each engine holds. */
export interface FunctionStats {
  readonly running_script: {
    readonly name: string;
    readonly command: string[];
    readonly duration_ms: number;
  } | null;
  readonly engines: Record<string, { readonly libraries_count: number; readonly functions_count: number }>;
}

/** Deletes a library. */
export function functionDelete(library: RedisArgument): Command<"OK"> {
  return command(FUNCTION_DELETE, [library]);
}

/** All libraries in Redis's own format, for {@link functionRestore}: always a Buffer. */
export function functionDump(): Command<Buffer> {
  return command(FUNCTION_DUMP, []);
}

/** Deletes all libraries. */
export function functionFlush(mode?: FlushMode): Command<"OK"> {
  return command(FUNCTION_FLUSH, mode === undefined ? [] : [mode]);
}

/** Stops the running function, unless it has written. */
export function functionKill(): Command<"OK"> {
  return command(FUNCTION_KILL, []);
}

/** The libraries and their functions. */
export function functionList(options?: FunctionListOptions): Command<FunctionLibrary[]> {
  return command(FUNCTION_LIST, listArguments(options), toLibraries<FunctionLibrary>);
}

/** {@link functionList} with the source. */
export function functionListWithCode(options?: FunctionListOptions): Command<FunctionLibraryWithCode[]> {
  const args = [...listArguments(options), "WITHCODE"];
  return command(FUNCTION_LIST, args, toLibraries<FunctionLibraryWithCode>);
}

/** Loads a library; answers its name. */
export function functionLoad(code: RedisArgument, options: FunctionLoadOptions = {}): Command<string> {
  return command(FUNCTION_LOAD, options.REPLACE ? ["REPLACE", code] : [code]);
}

/** Loads what {@link functionDump} gave. */
export function functionRestore(dump: RedisArgument, options: FunctionRestoreOptions = {}): Command<"OK"> {
  return command(FUNCTION_RESTORE, options.mode === undefined ? [dump] : [dump, options.mode]);
}

/** What runs now, and what each engine holds. */
export function functionStats(): Command<FunctionStats> {
  return command(FUNCTION_STATS, [], (reply: Record<string, Mapping | null>) => {
    const running = reply["running_script"];
    return {
      running_script: running ? toObject(running) : null,
      engines: toObject(reply["engines"] ?? [], (engine: Mapping) => toObject(engine)),
    } as unknown as FunctionStats;
  });
}

function listArguments(options: FunctionListOptions = {}): RedisArgument[] {
  return options.LIBRARYNAME === undefined ? [] : ["LIBRARYNAME", options.LIBRARYNAME];
}

function toLibraries<Library extends FunctionLibrary>(reply: readonly Mapping[]): Library[] {
  return reply.map((library) => {
    const object = toObject(library);
    object["functions"] = (object["functions"] as Mapping[]).map((each) => toObject(each));
    return object as unknown as Library;
  });
}
