import { RedoubtError } from "@redoubt/client";
import { nearestName } from "@redoubt/client/config";
import { flagsByName, refusedFlags } from "./flags.ts";
import type { Settings } from "./settings.ts";

/** Flags that redli has and that change nothing here. */
const idle: ReadonlySet<string> = new Set(["--long", "--debug"]);

/**
 * Reads the command line: flags first, in any order, then a command. redis-cli's flags, and the long ones of redli.
 * @throws RedoubtError `CONFIG_UNKNOWN_KEY`, `CONFIG_MISSING`, `CONFIG_INVALID_VALUE`, `CONFIG_UNSUPPORTED`; never with the value
 */
export function readArguments(argv: readonly string[]): Settings {
  const settings: Settings = { target: {}, repeat: 1, pipeTimeout: 30_000, words: [] };
  let at = 0;
  while (at < argv.length && (argv[at] as string).startsWith("-")) {
    const [name, attached] = splitFlag(argv[at++] as string);
    if (idle.has(name)) continue;
    const flag = flagsByName.get(name);
    if (flag === undefined) throw unknownFlag(name);
    if (flag.value === null) {
      flag.set(settings, "", name);
      continue;
    }
    const value = attached ?? argv[at++];
    if (value === undefined)
      throw new RedoubtError("CONFIG_MISSING", `${name} needs a value (${flag.value}).`, {
        hint: 'See "redoubt cli --help".',
      });
    flag.set(settings, value, name);
  }
  settings.words = argv.slice(at);
  return settings;
}

/** `--uri=…` is redli's way. */
function splitFlag(text: string): [name: string, value: string | undefined] {
  const end = text.startsWith("--") ? text.indexOf("=") : -1;
  return end < 0 ? [text, undefined] : [text.slice(0, end), text.slice(end + 1)];
}

function unknownFlag(name: string): RedoubtError {
  const instead = refusedFlags[name];
  if (instead !== undefined)
    return new RedoubtError("CONFIG_UNSUPPORTED", `redoubt cli has no ${name}.`, { hint: instead });
  const near = nearestName(name, [...flagsByName.keys()]);
  // Anything that is no slip may be a secret in the wrong place.
  const said = near === null ? "There is no option of that name." : `There is no option ${name}.`;
  const hint = near === null ? "" : `Did you mean ${near}? `;
  return new RedoubtError("CONFIG_UNKNOWN_KEY", said, { hint: `${hint}See "redoubt cli --help".` });
}
