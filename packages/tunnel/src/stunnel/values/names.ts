import { isIP } from "node:net";
import { ValueError } from "./value-error.ts";

/** A name of `checkHost`. */
export function hostToCheck(text: string): string {
  if (isIP(text) !== 0)
    throw new ValueError(`${text} is an address, and checkHost compares names`, `Write checkIP = ${text}.`);
  if (!/^[\w*-]+(?:\.[\w*-]+)*\.?$/.test(text))
    throw new ValueError(`"${text}" is no host name`, "Write the host name that the certificate is for.");
  return text;
}

/** An address of `checkIP`. */
export function ipToCheck(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new ValueError(
    `"${text}" is no IP address`,
    "Write the address that the certificate is for; for names there is checkHost.",
  );
}

/** An address of `checkEmail`. */
export function emailToCheck(text: string): string {
  if (/^[^@\s]+@[^@\s]+$/.test(text)) return text;
  throw new ValueError(
    `"${text}" is no e-mail address`,
    "Write the e-mail address that is in the certificate.",
  );
}
