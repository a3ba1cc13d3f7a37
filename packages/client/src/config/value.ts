import { type KnownWord, optionRow } from "./option-table.ts";
import type { Dialect } from "./target.ts";

/** A value as its option types it: durations in ms, TLS versions of .NET as their number, pins joined by commas. */
export type Value = string | number | boolean;

/** The value, or what is wrong with the text: a sentence that does not repeat it, because it may be a piece of a secret. */
export type ValueReading = { readonly value: Value } | { readonly problem: string; readonly insecure?: true };

const wrong = (problem: string): ValueReading => ({ problem });

/** A 32-bit integer as .NET reads it: blanks around and a sign allowed. `null` for everything else. */
function readInteger(text: string): number | null {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return null;
  const number = Number(text);
  return Math.abs(number) <= 2 ** 31 && number !== 2 ** 31 ? number : null;
}

/** ServiceStack knows only true and false; the others take what StackExchange.Redis takes. */
function readBoolean(text: string, dialect: Dialect): boolean | null {
  const word = text.trim().toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  if (dialect === "servicestack") return null;
  if (["1", "yes", "on"].includes(word)) return true;
  if (["0", "no", "off"].includes(word)) return false;
  return null;
}

const netTlsVersions: Readonly<Record<string, number>> = {
  none: 0,
  ssl2: 12,
  ssl3: 48,
  tls: 192,
  default: 240,
  tls11: 768,
  tls12: 3072,
  tls13: 12_288,
};

/** `SslProtocols` of .NET: names in any case joined by `|` or `,`, or its number. */
function readNetTlsVersions(text: string): number | null {
  const number = readInteger(text);
  if (number !== null) return number >= 0 ? number : null;
  let mask = 0;
  for (const name of text.split(/[|,]/)) {
    const bits = netTlsVersions[name.trim().toLowerCase()];
    if (bits === undefined) return null;
    mask |= bits;
  }
  return mask;
}

function readPins(text: string): string | null {
  const pins = text.split(",").map((pin) => pin.trim().replace(/^sha256\/{1,2}/, ""));
  return pins.every((pin) => /^[A-Za-z0-9+/]{43}=$/.test(pin)) ? pins.join(",") : null;
}

function readProxy(text: string): string | null {
  const names = ["None", "Twemproxy", "Envoyproxy"];
  const word = text.trim();
  return (
    names.find((name, index) => name.toLowerCase() === word.toLowerCase() || word === String(index)) ?? null
  );
}

function readTunnel(text: string): string | null {
  if (text === "") return "";
  const found = /^http:(?:\/\/)?([^/:\s]+)(?::(\d{1,5}))?\/?$/i.exec(text);
  return found === null ? null : `http:${found[1]?.toLowerCase()}:${found[2] ?? 80}`;
}

/** Reads the text of a value as its row in the option table says. Never throws. */
export function readValue({ name, unit, min }: KnownWord, text: string, dialect: Dialect): ValueReading {
  switch (optionRow(name).type) {
    case "text":
    case "file":
      return { value: text };
    case "boolean": {
      const value = readBoolean(text, dialect);
      const words =
        dialect === "servicestack" ? "true or false" : "true or false (also yes, no, on, off, 1, 0)";
      return value === null ? wrong(`needs ${words}`) : { value };
    }
    case "integer":
    case "duration": {
      const number = readInteger(text);
      if (number === null) return wrong(`needs a whole number${unit === "s" ? " of seconds" : ""}`);
      if (min !== undefined && number < min) return wrong(`needs a whole number of at least ${min}`);
      return { value: unit === "s" ? number * 1000 : number };
    }
    case "database": {
      const number = readInteger(text);
      return number === null || number < 0 ? wrong("needs a database number, 0 or more") : { value: number };
    }
    case "TLS version": {
      const found = /^tlsv?1(?:\.([0-3]))?$/i.exec(text.trim());
      if (found === null) return wrong("needs TLSv1.2 or TLSv1.3 (older: TLSv1, TLSv1.1)");
      return { value: found[1] === undefined || found[1] === "0" ? "TLSv1" : `TLSv1.${found[1]}` };
    }
    case "TLS versions": {
      const value = readNetTlsVersions(text);
      return value === null
        ? wrong("needs names such as Tls12|Tls13 (None, Tls, Tls11, Tls12, Tls13)")
        : { value };
    }
    case "verification": {
      const word = text
        .trim()
        .toLowerCase()
        .replace(/^verify-/, "");
      if (word === "full" || word === "ca") return { value: word };
      return {
        problem:
          "would weaken or switch off the verification of certificates, which no connection string may do: write verify-full or verify-ca, or say dangerouslySkipVerification in code (--insecure on the command line)",
        insecure: true,
      };
    }
    case "pins": {
      const value = readPins(text);
      return value === null
        ? wrong("needs SHA-256 hashes of public keys in base64, 44 characters each, joined by commas")
        : { value };
    }
    case "protocol": {
      const found = /^\s*(?:resp)?([23])\s*$/i.exec(text);
      return found === null ? wrong("needs 2 or 3") : { value: Number(found[1]) };
    }
    case "server version": {
      const version = text.trim();
      if (!/^\d+(\.\d+){0,3}$/.test(version)) return wrong("needs a version such as 7.4");
      return { value: version.includes(".") ? version : `${version}.0` };
    }
    case "proxy": {
      const value = readProxy(text);
      return value === null ? wrong("needs None, Twemproxy or Envoyproxy") : { value };
    }
    case "tunnel": {
      const value = readTunnel(text);
      return value === null ? wrong("needs http:host:port; other kinds of tunnel are unknown") : { value };
    }
  }
}
