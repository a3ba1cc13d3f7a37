import { type OneOrMore, several } from "./argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";
import { keysCounted } from "./keys.ts";

const EVAL = spec("EVAL", { keys: keysCounted(1) });
const EVAL_RO = spec("EVAL_RO", { readonly: true, keys: keysCounted(1) });
const EVALSHA = spec("EVALSHA", { keys: keysCounted(1) });
const EVALSHA_RO = spec("EVALSHA_RO", { readonly: true, keys: keysCounted(1) });
const FCALL = spec("FCALL", { keys: keysCounted(1) });
const FCALL_RO = spec("FCALL_RO", { readonly: true, keys: keysCounted(1) });
const SCRIPT_DEBUG = spec("SCRIPT DEBUG", { keys: null });
const SCRIPT_EXISTS = spec("SCRIPT EXISTS", { keys: null });
const SCRIPT_FLUSH = spec("SCRIPT FLUSH", { keys: null });
const SCRIPT_KILL = spec("SCRIPT KILL", { keys: null });
const SCRIPT_LOAD = spec("SCRIPT LOAD", { keys: null });
const SCRIPT_SHOW = spec("SCRIPT SHOW", { keys: null });

/** What a script gets: `KEYS` and `ARGV` in Lua. */
export interface EvalOptions {
  readonly keys?: readonly RedisArgument[] | undefined;
  readonly arguments?: readonly RedisArgument[] | undefined;
}

/** Runs a Lua script. The reply is what the script returns; see Redis on how Lua's types become replies. */
function evaluate(script: RedisArgument, options?: EvalOptions): Command<unknown> {
  return call(EVAL, script, options);
}

export { evaluate as eval };

/** {@link eval} of a script that does not write; a replica may run it. */
export function evalRo(script: RedisArgument, options?: EvalOptions): Command<unknown> {
  return call(EVAL_RO, script, options);
}

/** Runs a script that the server has loaded, named by its SHA-1. */
export function evalSha(sha1: RedisArgument, options?: EvalOptions): Command<unknown> {
  return call(EVALSHA, sha1, options);
}

/** {@link evalSha} of a script that does not write; a replica may run it. */
export function evalShaRo(sha1: RedisArgument, options?: EvalOptions): Command<unknown> {
  return call(EVALSHA_RO, sha1, options);
}

/** Calls a function of a library. */
export function fCall(name: RedisArgument, options?: EvalOptions): Command<unknown> {
  return call(FCALL, name, options);
}

/** {@link fCall} of a function that does not write; a replica may run it. */
export function fCallRo(name: RedisArgument, options?: EvalOptions): Command<unknown> {
  return call(FCALL_RO, name, options);
}

/** Debugs the scripts of this connection; `SYNC` keeps what they write. */
export function scriptDebug(mode: "YES" | "SYNC" | "NO"): Command<"OK"> {
  return command(SCRIPT_DEBUG, [mode]);
}

/** For each SHA-1: 1 if the server has loaded the script, else 0. */
export function scriptExists(sha1: OneOrMore): Command<number[]> {
  return command(SCRIPT_EXISTS, [...several(SCRIPT_EXISTS, "sha1", sha1)]);
}

/** Forgets all loaded scripts. */
export function scriptFlush(mode?: "ASYNC" | "SYNC"): Command<"OK"> {
  return command(SCRIPT_FLUSH, mode === undefined ? [] : [mode]);
}

/** Stops the running script, unless it has written. */
export function scriptKill(): Command<"OK"> {
  return command(SCRIPT_KILL, []);
}

/** Loads a script; answers its SHA-1. */
export function scriptLoad(script: RedisArgument): Command<string> {
  return command(SCRIPT_LOAD, [script]);
}

/** A loaded script by its SHA-1. Valkey 8. */
export function scriptShow(sha1: RedisArgument): Command<string> {
  return command(SCRIPT_SHOW, [sha1]);
}

function call(of: CommandSpec, script: RedisArgument, options: EvalOptions = {}): Command<unknown> {
  const { keys = [], arguments: argv = [] } = options;
  const args = [script, keys.length, ...keys, ...argv];
  return command(keys.length === 0 ? { ...of, keys: null } : of, args);
}
