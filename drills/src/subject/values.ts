/** Where a value belongs: its key, and which of the writes to that key it came from, counted from 1. */
export interface Origin {
  readonly key: string;
  readonly write: number;
}

/** A value that says where it belongs, in every part of it. */
export function valueOf({ key, write }: Origin, bytes: number): string {
  return `${key}|${write}|`.padEnd(bytes, `${key}|${write}|`);
}

/**
 * Which write to a key a value comes from.
 * @returns null when it is no value of that key, or not whole
 */
export function writeOf(value: unknown, key: string, bytes: number): number | null {
  if (typeof value !== "string" || !value.startsWith(`${key}|`)) return null;
  const write = Number(value.slice(key.length + 1, value.indexOf("|", key.length + 1)));
  return value === valueOf({ key, write }, bytes) ? write : null;
}
