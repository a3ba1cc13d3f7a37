import { Buffer } from "node:buffer";
import { type Entries, flatten, invalid, type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";

const CONFIG_GET = spec("CONFIG GET", { firstKey: -1, shape: "object" });
const CONFIG_RESETSTAT = spec("CONFIG RESETSTAT", { firstKey: -1 });
const CONFIG_REWRITE = spec("CONFIG REWRITE", { firstKey: -1 });
const CONFIG_SET = spec("CONFIG SET", { firstKey: -1 });

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
export function configSet(parameter: RedisArgument, value: RedisArgument): Command<"OK">;
export function configSet(config: Entries): Command<"OK">;
export function configSet(parameter: RedisArgument | Entries, value?: RedisArgument): Command<"OK"> {
  if (typeof parameter === "object" && !Buffer.isBuffer(parameter))
    return command(CONFIG_SET, flatten(CONFIG_SET, "config", parameter));
  if (value === undefined) throw invalid(CONFIG_SET, "value", "must be given with a single parameter");
  return command(CONFIG_SET, [parameter, value]);
}
