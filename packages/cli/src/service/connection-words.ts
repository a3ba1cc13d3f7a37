import { RedoubtError } from "@redoubt/client";
import { connectionForms } from "./connection-forms.ts";

/** The words before a form that the original has, because it has other services, too. */
const families: readonly string[] = ["redis", "valkey"];

/** What is asked for: a service, and a form where one is given. */
export interface ConnectionWords {
  readonly name: string;
  readonly form?: string;
}

/**
 * Reads the words of `connection-info`: `NAME [FORM]`, or as the original has them, `FORM NAME` and `redis FORM NAME`.
 *
 * @param services names of the services that there are: one of them comes first even where it is called as a form is
 * @throws RedoubtError CONFIG_SYNTAX when three words are in no such order
 */
export function readConnectionWords(words: readonly string[], services: readonly string[]): ConnectionWords {
  const [first = "", second, third] = words;
  if (third !== undefined) {
    if (families.includes(first) && second !== undefined && isForm(second))
      return { name: third, form: second };
    throw new RedoubtError("CONFIG_SYNTAX", "connection-info does not know these three words.", {
      hint: "Write NAME FORM, FORM NAME, or redis FORM NAME.",
    });
  }
  if (second === undefined) return { name: first };
  const swapped = isForm(first) && !(services.includes(first) && isForm(second));
  return swapped ? { name: second, form: first } : { name: first, form: second };
}

function isForm(word: string): boolean {
  return connectionForms.some(({ name }) => name === word);
}
