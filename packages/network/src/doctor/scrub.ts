import { mask, type Target } from "@redoubt/client";

/** Shorter secrets are not searched for in sentences: what would be masked is mostly not the secret. */
const shortest = 4;

/** The same plain data with every secret of the target masked, should a peer have quoted one. */
export function scrub<Value>(value: Value, target: Target): Value {
  const secrets = [target.password, target.sentinel?.password, target.tls.passphrase].flatMap((secret) => {
    const text = secret?.reveal() ?? "";
    return text.length < shortest ? [] : [text, encodeURIComponent(Buffer.from(text).toString())];
  });
  if (secrets.length === 0) return value;
  return mapTexts(value, (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, mask), text));
}

/** The same plain data with every text changed; keys stay. */
export function mapTexts<Value>(value: Value, change: (text: string) => string): Value {
  const map = (part: unknown): unknown => {
    if (typeof part === "string") return change(part);
    if (Array.isArray(part)) return part.map(map);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, map(one)]));
  };
  return map(value) as Value;
}
