import { invalid, milliseconds, seconds } from "./argument.ts";
import type { CommandSpec, RedisArgument } from "./command.ts";

/**
 * When a value expires. `EX` seconds or `PX` milliseconds from now, `EXAT` or `PXAT` at a Unix time (seconds or
 * milliseconds) or a `Date`.
 */
export type Expiration =
  | { readonly type: "EX" | "PX"; readonly value: number }
  | { readonly type: "EXAT" | "PXAT"; readonly value: number | Date };

/** The same as separate options, of which one may be given. */
export interface ExpirationOptions {
  readonly EX?: number | undefined;
  readonly PX?: number | undefined;
  readonly EXAT?: number | Date | undefined;
  readonly PXAT?: number | Date | undefined;
}

/** Or keep or remove what expiry there is, named by a word alone. */
export type Retention<Word extends "KEEPTTL" | "PERSIST"> = Word | { readonly type: Word };

/** When a command of the EXPIRE family applies: no expiry yet, one already, only later, only sooner. */
export type ExpireMode = "NX" | "XX" | "GT" | "LT";

/** Appends `expiration` to `args`; nothing when it is absent. */
export function pushExpiration(
  args: RedisArgument[],
  expiration: Expiration | Retention<"KEEPTTL" | "PERSIST"> | undefined,
): void {
  if (expiration === undefined) return;
  if (typeof expiration === "string") args.push(expiration);
  else if (!("value" in expiration)) args.push(expiration.type);
  else if (expiration.type === "EXAT") args.push("EXAT", seconds(expiration.value));
  else if (expiration.type === "PXAT") args.push("PXAT", milliseconds(expiration.value));
  else args.push(expiration.type, expiration.value);
}

/**
 * The one expiration among `options`, or `word` where `wordGiven`, or undefined.
 * @throws RedoubtError CONFIG_INVALID_VALUE when several exclude each other.
 */
export function chosenExpiration<Word extends "KEEPTTL" | "PERSIST">(
  of: CommandSpec,
  options: ExpirationOptions,
  word: Word,
  wordGiven = false,
): Expiration | Word | undefined {
  const { EX, PX, EXAT, PXAT } = options;
  const chosen: (Expiration | Word)[] = [];
  if (EX !== undefined) chosen.push({ type: "EX", value: EX });
  if (PX !== undefined) chosen.push({ type: "PX", value: PX });
  if (EXAT !== undefined) chosen.push({ type: "EXAT", value: EXAT });
  if (PXAT !== undefined) chosen.push({ type: "PXAT", value: PXAT });
  if (wordGiven) chosen.push(word);
  if (chosen.length > 1) {
    const names = chosen.map((each) => (typeof each === "string" ? each : each.type));
    throw invalid(of, names.join(" and "), "exclude each other: give one of them");
  }
  return chosen[0];
}
