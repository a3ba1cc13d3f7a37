import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Mapping, toObject } from "./decode.ts";

const MODULE_LIST = spec("MODULE LIST", { keys: null });
const MODULE_LOAD = spec("MODULE LOAD", { keys: null });
const MODULE_LOADEX = spec("MODULE LOADEX", { keys: null });
const MODULE_UNLOAD = spec("MODULE UNLOAD", { keys: null });

/** A loaded module. */
export interface ModuleInfo {
  readonly name: string;
  readonly ver: number;
  /** Since Redis 7.2: where it was loaded from, and with which arguments. */
  readonly path?: string;
  readonly args?: string[];
}

/** Options of {@link moduleLoadEx}. */
export interface ModuleLoadExOptions {
  /** Its settings, by name. */
  readonly CONFIG?: Readonly<Record<string, RedisArgument>> | undefined;
  readonly ARGS?: readonly RedisArgument[] | undefined;
}

/** The loaded modules. */
export function moduleList(): Command<ModuleInfo[]> {
  return command(MODULE_LIST, [], (reply: readonly Mapping[]) =>
    reply.map((each) => toObject(each) as unknown as ModuleInfo),
  );
}

/** Loads a module from a file of the server. */
export function moduleLoad(
  path: RedisArgument,
  moduleArguments: readonly RedisArgument[] = [],
): Command<"OK"> {
  return command(MODULE_LOAD, [path, ...moduleArguments]);
}

/** {@link moduleLoad} with settings. */
export function moduleLoadEx(path: RedisArgument, options: ModuleLoadExOptions = {}): Command<"OK"> {
  const args: RedisArgument[] = [path];
  for (const [name, value] of Object.entries(options.CONFIG ?? {})) args.push("CONFIG", name, value);
  if (options.ARGS !== undefined) args.push("ARGS", ...options.ARGS);
  return command(MODULE_LOADEX, args);
}

/** Unloads a module. */
export function moduleUnload(name: RedisArgument): Command<"OK"> {
  return command(MODULE_UNLOAD, [name]);
}
