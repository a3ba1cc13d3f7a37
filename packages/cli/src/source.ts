import {
  type Dialect,
  parse,
  parseArguments,
  parseEnvironment,
  RedoubtError,
  type Target,
} from "@redoubt/client";
import type { Invocation } from "./invocation.ts";
import { readStdin } from "./stdin.ts";

/** The dialects that `--from` takes. */
export const dialects = [
  "url",
  "servicestack",
  "stackexchange",
  "redis-cli",
  "env",
] as const satisfies Dialect[];

/** For the help of every command that takes a connection string. */
export const sourceHelp = `The connection string may be an argument in quotes, "-" for stdin, redis-cli's
arguments after "--", or left out: then the environment is read (REDIS_URL, …).`;

/** Where commands get their connection string from, in the words of the command line. */
export interface Source {
  /** One string, or redis-cli's arguments one by one; empty for the environment. */
  readonly words: readonly string[];
  /** Reads the string as this dialect and no other. */
  readonly from?: Dialect;
}

/**
 * Reads the connection string that a command was given and makes its secrets known to the output.
 *
 * @throws RedoubtError of family CONFIG_ when it is refused, or when there is none
 */
export async function readTarget(source: Source, invocation: Invocation): Promise<Target> {
  const target = await read(source, invocation);
  hideSecrets(target, invocation);
  if (source.words.length > 0 && source.words[0] !== "-") remarkOnArguments(source.words, target, invocation);
  return target;
}

/** Makes the secrets of a target known to the output. */
export function hideSecrets(target: Target, { output }: Invocation): void {
  for (const secret of [target.password, target.sentinel?.password, target.tls.passphrase])
    output.hide(secret ?? null);
}

async function read({ words, from }: Source, invocation: Invocation): Promise<Target> {
  const [first, ...others] = words;
  if (first === undefined) {
    refuseOther("env", from);
    return parseEnvironment(invocation.environment);
  }
  if (others.length > 0 && !first.startsWith("-"))
    throw new RedoubtError("CONFIG_SYNTAX", `${words.length} arguments were given in place of one string.`, {
      hint: 'Put the connection string in quotes; put "--" before redis-cli\'s arguments.',
    });
  if (others.length > 0) {
    refuseOther("redis-cli", from);
    return parseArguments(words);
  }
  const text = first === "-" ? await readStdin(invocation, "connection string") : first;
  return parse(text, from === undefined ? {} : { from });
}

/** Some sources have but one dialect, which `--from` cannot change. */
function refuseOther(only: Dialect, from: Dialect | undefined): void {
  if (from === undefined || from === only) return;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `--from ${from}: what was given is read as ${only}.`, {
    hint: "Give one connection string, in quotes or on stdin.",
  });
}

function remarkOnArguments(words: readonly string[], target: Target, { output }: Invocation): void {
  if (target.password !== null && output.talksToTerminal)
    output.note(
      output.paintTalk(
        "faint",
        'The password is in your shell\'s history now; "-" reads from stdin, no argument from REDIS_URL.',
      ),
    );
  // What is not UTF-8 was replaced before the program saw it, and cannot be brought back.
  if (words.some((word) => word.includes("\ufffd")))
    output.note("The argument holds bytes that are not UTF-8; write them percent-coded, in the url dialect.");
}
