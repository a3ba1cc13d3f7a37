import { type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";

/** Many hashes with the same fields: name the fields once, on this connection, then send values only. */

const HIMPORT_DISCARD = spec("HIMPORT DISCARD", { keys: null });
const HIMPORT_DISCARDALL = spec("HIMPORT DISCARDALL", { keys: null });
const HIMPORT_PREPARE = spec("HIMPORT PREPARE", { keys: null });
const HIMPORT_SET = spec("HIMPORT SET");

/** Forgets a set of fields; answers how many were forgotten. */
export function hImportDiscard(fieldset: RedisArgument): Command<number> {
  return command(HIMPORT_DISCARD, [fieldset]);
}

/** Forgets all sets of fields; answers how many were forgotten. */
export function hImportDiscardAll(): Command<number> {
  return command(HIMPORT_DISCARDALL, []);
}

/** Names a set of fields, in the order of the values to come. */
export function hImportPrepare(fieldset: RedisArgument, fields: OneOrMore): Command<"OK"> {
  return command(HIMPORT_PREPARE, [fieldset, ...several(HIMPORT_PREPARE, "fields", fields)]);
}

/** Sets a hash from the values of a prepared set of fields. */
export function hImportSet(key: RedisArgument, fieldset: RedisArgument, values: OneOrMore): Command<"OK"> {
  return command(HIMPORT_SET, [key, fieldset, ...several(HIMPORT_SET, "values", values)]);
}
