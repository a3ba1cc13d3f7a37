import { providers } from "@redoubt/client/config";
import ipaddr from "ipaddr.js";
import { kindOfAddress } from "../probes/address-kind.ts";
import type { DoctorResult } from "./result.ts";
import { mapTexts } from "./scrub.ts";

/** What looks like a name with at least two labels, or like an address. What is none is left alone. */
const candidates =
  /[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F.:]*|(?:\*\.)?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+/gu;

/** Everybody's words, which tell nobody whose cache it is. */
const known =
  /(?:^|\.)(?:microsoft\.com|digicert\.com|geotrust\.com|msocsp\.com|core\.windows\.net|microsoftmetrics\.com|servicebus\.windows\.net|example\.(?:com|net|org))$/i;

/**
 * The same result for strangers: hosts, addresses, users and client names are replaced, always by the same word, so that one
 * still sees which belong together. What a provider's names end in stays, and whether an address is private.
 */
export function redactNames(result: DoctorResult): DoctorResult {
  const words = new Map<string, string>();
  const wordFor = (text: string, make: (number: number) => string): string => {
    const key = text.toLowerCase();
    const word = words.get(key) ?? make(words.size + 1);
    words.set(key, word);
    return word;
  };
  const { username, clientName, sentinel, endpoints } = result.target;
  const suffixes = providers.flatMap(({ suffixes: all }) => all);
  const nameWord = (name: string): string => {
    const suffix = suffixes.find((end) => name.toLowerCase().endsWith(end)) ?? "";
    const label = name.slice(0, name.length - suffix.length).replace(/^\*$/, "");
    if (suffix !== "" && /^(?:\*|privatelink)?$/i.test(label)) return name;
    const link = /\.privatelink$/i.test(label) ? ".privatelink" : "";
    const bare = link === "" ? label : label.slice(0, -link.length);
    return `${wordFor(bare, (number) => `host-${number}`)}${link}${suffix}`;
  };
  const change = (found: string): string => {
    if (isAddress(found)) return wordFor(found, (number) => `${kindOfAddress(found)}-address-${number}`);
    if (found.includes(":") || known.test(found) || isFileOrNumber(found)) return found;
    return nameWord(found);
  };
  // Hosts without a dot look like any word; only those of the target itself are known to be hosts.
  const single = endpoints
    .map(({ host }) => host)
    .filter((host) => !host.includes(".") && !host.includes(":") && host !== "localhost");
  const people = [username, clientName, sentinel?.masterName ?? null].filter(
    (name) => name !== null && name !== "default",
  ) as string[];
  return mapTexts(result, (text) => {
    const once = text.replace(candidates, change);
    const named = single.reduce(
      (all, host) =>
        replaceWord(
          all,
          host,
          wordFor(host, (number) => `host-${number}`),
        ),
      once,
    );
    return people.reduce(
      (all, name) =>
        replaceWord(
          all,
          name,
          wordFor(name, (number) => `name-${number}`),
        ),
      named,
    );
  });
}

/** ipaddr.js also reads `7.0.15`. */
function isAddress(text: string): boolean {
  return ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text);
}

/** Versions (`7.0.15`), files (`ca.pem`) and codes have dots, too. */
function isFileOrNumber(text: string): boolean {
  return (
    /^[\d.]+$/.test(text) ||
    /\.(?:pem|md|json|key|crt|conf|ts)$/i.test(text) ||
    /^TLSv?1\.\d$/i.test(text) ||
    /^\d+\.\d+\D?$/.test(text)
  );
}

function replaceWord(text: string, word: string, by: string): string {
  const literal = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}_-])${literal}(?![\\p{L}\\p{N}_-])`, "gu"), by);
}
