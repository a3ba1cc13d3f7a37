import { RedoubtError } from "@redoubt/client";

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads the value of an option that takes a time: `250ms`, `30s`, `5m`, `12h`, `1d`, or 0. In milliseconds. */
export function duration(flag: string): (text: string) => number {
  return (text) => {
    const [, digits, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
    if (text === "0") return 0;
    if (digits !== undefined && unit !== undefined) return Number(digits) * (units[unit] as number);
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `${flag} takes a time with its unit: 250ms, 30s, 5m, 12h, 1d, or 0.`,
    );
  };
}
