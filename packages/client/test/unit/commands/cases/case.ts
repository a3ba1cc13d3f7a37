import type * as commands from "../../../../src/commands/index.ts";

export type CommandName = keyof typeof commands;

/**
 * One call. The keys mean something to the integration test, which fills them before each call: `s…` strings, `n1` an
 * integer, `f1` a float, `h1` a hash, `l…` lists, `set…` sets, `z…` sorted sets, `none` nothing. So each call says both
 * what is sent and, on a server, what comes back.
 */
export type Case = readonly [name: CommandName, ...args: readonly unknown[]];
