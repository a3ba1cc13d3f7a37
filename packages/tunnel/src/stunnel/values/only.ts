import { ValueError } from "./value-error.ts";
import { yesNo } from "./words.ts";

/** An option whose `no` says what happens anyway, and whose `yes` cannot be had. */
export function onlyNo(name: string, instead: string): (text: string) => false {
  return (text) => {
    if (!yesNo(text)) return false;
    throw new ValueError(`${name} = yes is not supported`, instead);
  };
}

/** `transparent`: `none`, or its older spelling `no`. */
export function onlyNone(text: string): "none" {
  if (/^(?:none|no)$/i.test(text)) return "none";
  throw new ValueError(
    "Transparent proxying is not supported",
    "Write transparent = none, or remove the line; a Redis sees the client's address in no other way.",
  );
}

/** `retry`: `yes`, `no`, or since stunnel 5.70 a number of milliseconds. */
export function retries(text: string): boolean {
  return /^\d{1,9}$/.test(text) || yesNo(text);
}

/** `protocol`: of stunnel's protocols, the one that has a use with Redis. */
export function onlyProxy(text: string): "proxy" {
  if (text.toLowerCase() === "proxy") return "proxy";
  throw new ValueError(
    "Protocol not supported",
    "Remove the line: Redis has no negotiation of TLS. Only protocol = proxy is known.",
  );
}
