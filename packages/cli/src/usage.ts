import { RedoubtError } from "@redoubt/client";
import type { CommanderError } from "commander";

/**
 * Says in Redoubt's words what is wrong with a command line. Commander quotes the argument that it does not like, and
 * that argument may be a connection string or a password: only names that Redoubt knows are repeated here.
 */
export function usageError(error: CommanderError): RedoubtError {
  switch (error.code) {
    case "commander.unknownOption":
      return new RedoubtError("CONFIG_UNKNOWN_KEY", `There is no ${optionName(error.message)}.`, {
        hint: `${suggestion(error.message)}Put "--" before a connection string that begins with a dash.`,
      });
    case "commander.unknownCommand":
    case "commander.excessArguments":
      return new RedoubtError("CONFIG_UNKNOWN_KEY", "There is no such command.", {
        hint: `${suggestion(error.message)}See "redoubt --help"; a connection string comes after the command.`,
      });
    case "commander.optionMissingArgument":
      return new RedoubtError("CONFIG_MISSING", `${knownFlags(error.message)} needs a value.`);
    case "commander.missingMandatoryOptionValue":
      return new RedoubtError("CONFIG_MISSING", `${requiredFlags(error.message)} has to be given.`);
    case "commander.missingArgument":
      return new RedoubtError("CONFIG_MISSING", `<${missingArgument(error.message)}> has to be given.`, {
        hint: 'See "--help" of the command.',
      });
    default:
      return new RedoubtError("CONFIG_SYNTAX", "The command line cannot be read.", {
        hint: 'See "redoubt --help".',
      });
  }
}

/** Reads the value of an option that takes one of some words. Carries them, so that shells can complete them. */
export function oneOf<Word extends string>(
  flag: string,
  words: readonly Word[],
): ((text: string) => Word) & { readonly words: readonly Word[] } {
  const read = (text: string): Word => {
    const word = words.find((candidate) => candidate === text.toLowerCase());
    if (word !== undefined) return word;
    throw new RedoubtError("CONFIG_INVALID_VALUE", `${flag} takes one of: ${words.join(", ")}.`);
  };
  return Object.assign(read, { words });
}

/** Reads the value of an option that takes a time in milliseconds, from 1 to about 24 days (what a timer can hold). */
export function milliseconds(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= 0x7fffffff) return value;
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `${flag} takes a whole number of milliseconds, at least 1.`,
    );
  };
}

/** Names the option only where it is a slip of one that exists: anything else may be a secret in the wrong place. */
function optionName(message: string): string {
  const name = /^error: unknown option '(--[a-z-]{1,20})['=]/.exec(message)?.[1];
  return name === undefined || suggestion(message) === "" ? "option of that name" : `option ${name}`;
}

/** Commander's guess, which is always a name of ours. */
function suggestion(message: string): string {
  const names = /\(Did you mean (?:one of )?(.+)\?\)$/.exec(message)?.[1];
  return names === undefined ? "" : `Did you mean ${names}? `;
}

function requiredFlags(message: string): string {
  return /required option '(.+)' not specified$/.exec(message)?.[1] ?? "An option";
}

/** The name that the command gives its argument; never what somebody wrote. */
function missingArgument(message: string): string {
  return /argument '(.+)'$/.exec(message)?.[1] ?? "an argument";
}

function knownFlags(message: string): string {
  return /option '(.+)' argument missing$/.exec(message)?.[1] ?? "The option";
}

/** Reads the value of an option that takes a count, from 0 to 1000. */
export function wholeNumber(flag: string): (text: string) => number {
  return (text) => {
    if (/^\d{1,3}$/.test(text) || text === "1000") return Number(text);
    throw new RedoubtError("CONFIG_INVALID_VALUE", `${flag} takes a whole number from 0 to 1000.`);
  };
}

/** Reads the value of an option that takes a port, from 1 to 65535. */
export function portNumber(flag: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return Number(text);
    throw new RedoubtError("CONFIG_INVALID_VALUE", `${flag} takes a port, from 1 to 65535.`);
  };
}

/** Reads the value of an option that takes the number of a database, from 0 to 127. */
export function databaseNumber(flag: string): (text: string) => number {
  return (text) => {
    if (/^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) <= 127) return Number(text);
    throw new RedoubtError("CONFIG_INVALID_VALUE", `${flag} takes a whole number from 0 to 127.`);
  };
}
