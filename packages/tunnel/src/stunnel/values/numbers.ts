import { ValueError } from "./value-error.ts";

/** The longest time that is taken: 68 years. Seconds. */
const longestSeconds = 0x7fffffff;

/**
 * Seconds as a whole number, read into milliseconds.
 * @param name the kind of timeout in stunnel's own message: `busy`, `close`, `connect`, `idle`
 * @param least what 0 would mean is nothing but an immediate end, where it is not allowed
 */
export function seconds(name: string, least: 0 | 1): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= longestSeconds) return value * 1000;
    throw new ValueError(
      `Illegal ${name} timeout`,
      `Write a whole number of seconds from ${least} to ${longestSeconds}, without a unit.`,
    );
  };
}

/** A whole number within limits. `what` is stunnel's own message. */
export function wholeNumber(what: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new ValueError(what, `Write a whole number from ${least} to ${most}.`);
  };
}
