import { flattenOneOr, type OneOrEntries, type OneOrMore, several } from "./argument.ts";
import { type Command, command, spec } from "./command.ts";

const CONFIG_GET = spec("CONFIG GET", { keys: null, shape: "object" });
const CONFIG_RESETSTAT = spec("CONFIG RESETSTAT", { keys: null });
const CONFIG_REWRITE = spec("CONFIG REWRITE", { keys: null });
const CONFIG_SET = spec("CONFIG SET", { keys: null });

/** The settings that match the patterns, for example `maxmemory*`, as an object. */
export function configGet(parameters: OneOrMore): Command<Record<string, string>> {
  return command(CONFIG_GET, [...several(CONFIG_GET, "parameters", parameters)]);
}

/** Sets the counters of INFO back to 0. */
export function configResetStat(): Command<"OK"> {
  return command(CONFIG_RESETSTAT, []);
}

/** Writes the settings into the server's configuration file. */
export function configRewrite(): Command<"OK"> {
  return command(CONFIG_REWRITE, []);
}

/** Changes one setting or several: `configSet("maxmemory", "1gb")`, `configSet({ maxmemory: "1gb" })`. */
export function configSet(...config: OneOrEntries): Command<"OK"> {
  return command(CONFIG_SET, flattenOneOr(CONFIG_SET, "config", config));
}
