import type { Answer } from "../../probes/answer.ts";

const words: Readonly<Record<NonNullable<Answer["failure"]>, string>> = {
  "no-name": "no such name",
  "no-address": "the name has no address",
  silent: "no answer",
  refused: "refuses to answer",
  failed: "an error",
};

/** `10.0.0.4: cache.example.com is 10.0.1.5 (through cache.privatelink.example.com)` */
export function answerLine({ resolver, name, addresses, chain, failure }: Answer): string {
  const through = chain.length === 0 ? "" : ` (through ${chain.join(", ")})`;
  return failure === null
    ? `${resolver}: ${name} is ${addresses.join(", ")}${through}`
    : `${resolver}: ${name}: ${words[failure]}${through}`;
}
