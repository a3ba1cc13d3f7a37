import { milliseconds, seconds } from "./argument.ts";
import type { RedisArgument } from "./command.ts";

/**
 * When a value expires. `EX` seconds or `PX` milliseconds from now, `EXAT` or `PXAT` at a Unix time (seconds or
 * milliseconds) or a `Date`.
 */
export type Expiration =
  | { readonly type: "EX" | "PX"; readonly value: number }
  | { readonly type: "EXAT"; readonly value: number | Date }
  | { readonly type: "PXAT"; readonly value: number | Date };

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

/** Each of `options` as the {@link Expiration} that it stands for, for `onlyOne`. */
export function asExpirations(options: ExpirationOptions): {
  readonly [option: string]: Expiration | undefined;
} {
  const { EX, PX, EXAT, PXAT } = options;
  return {
    EX: EX === undefined ? EX : { type: "EX", value: EX },
    PX: PX === undefined ? PX : { type: "PX", value: PX },
    EXAT: EXAT === undefined ? EXAT : { type: "EXAT", value: EXAT },
    PXAT: PXAT === undefined ? PXAT : { type: "PXAT", value: PXAT },
  };
}
