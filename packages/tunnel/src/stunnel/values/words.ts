import { ValueError } from "./value-error.ts";

/** `yes` or `no`, in any case. As with stunnel, `true`, `on` and `1` are none of both. */
export function yesNo(text: string): boolean {
  return word(["yes", "no"])(text) === "yes";
}

/** One of some words, in any case. */
export function word<const Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    const quoted = words.map((each) => `'${each}'`);
    const list =
      quoted.length === 2 ? quoted.join(" or ") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
    throw new ValueError(
      `The argument needs to be either ${list}`,
      /[;#]/.test(text)
        ? "A comment needs a line of its own: after a value, everything is the value."
        : `Write one of: ${words.join(", ")}.`,
    );
  };
}

/** A text that says something. */
export function text(what: string): (text: string) => string {
  return (value) => {
    if (value !== "") return value;
    throw new ValueError(`${what} is empty`, "Give the option a value, or remove the line.");
  };
}

/** Any text, also none. */
export function anyText(value: string): string {
  return value;
}
