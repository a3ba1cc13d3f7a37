import type * as commands from "../../../../src/commands/index.ts";
import type * as namespaces from "../../../../src/commands/namespaces.ts";

export type CommandName = keyof typeof commands;

type Namespaces = typeof namespaces;

/** A command of a module by its namespace: `json.get`. */
export type ModuleCommandName = {
  [Name in keyof Namespaces]: `${Name}.${keyof Namespaces[Name] & string}`;
}[keyof Namespaces];

/**
 * One call. The keys mean something to the integration test, which fills them before each call: `s…` strings, `n1` an
 * integer, `f1` a float, `h1` a hash, `l…` lists, `set…` sets, `z…` sorted sets, `p…` HyperLogLogs, `g1` places, `x…`
 * streams, `none` nothing. So each call says both what is sent and, on a server, what comes back.
 */
export type Case = readonly [name: CommandName, ...args: readonly unknown[]];

/** One call of a command of a module, which the servers of the tests do not have. */
export type ModuleCase = readonly [name: ModuleCommandName, ...args: readonly unknown[]];
