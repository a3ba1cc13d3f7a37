import { createHash, scrypt } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, string, number, Buffer>(scrypt);

/** A value that is deployed, and whether it may be seen. */
export interface Fingerprinted {
  readonly value: unknown;
  readonly secret: boolean;
}

/**
 * A number that changes when something changes that Azure would be told: template, parameters, place. Secret values are in it only
 * as what scrypt makes of them with a salt: whoever reads the file of state cannot try out passwords at speed.
 *
 * @param salt of this file of state
 * @returns SHA-256, hexadecimal
 */
export async function checksum(
  template: unknown,
  parameters: Readonly<Record<string, Fingerprinted>>,
  place: unknown,
  salt: string,
): Promise<string> {
  const values = await Promise.all(
    Object.entries(parameters).map(async ([name, { value, secret }]) => [
      name,
      secret ? await hidden(value, salt) : value,
    ]),
  );
  const text = stable({ template, parameters: Object.fromEntries(values) as unknown, place });
  return createHash("sha256").update(text).digest("hex");
}

async function hidden(value: unknown, salt: string): Promise<string> {
  return `scrypt:${(await derive(stable(value), salt, 32)).toString("hex")}`;
}

/** JSON in which the order of keys does not matter. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${stable(part)}`).join()}}`;
}
