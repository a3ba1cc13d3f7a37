import type { UserConfig } from "../contract/service.ts";

/** A value as JSON has it. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | ConfigObject;

/** Several of them by name. */
export interface ConfigObject {
  readonly [key: string]: ConfigValue;
}

/** What values an option takes. */
export type OptionType =
  | { readonly kind: "boolean" }
  | { readonly kind: "integer"; readonly min: number; readonly max: number; readonly unit?: string }
  /** One of some words. */
  | { readonly kind: "word"; readonly words: readonly string[] }
  | {
      readonly kind: "text";
      readonly maxLength: number;
      readonly pattern?: RegExp;
      /** What the pattern means, for people. */
      readonly patternMeaning?: string;
    }
  /** Networks in CIDR form, each alone or as `{network, description}`. */
  | { readonly kind: "networks"; readonly maxItems: number }
  | {
      readonly kind: "texts";
      readonly maxItems: number;
      readonly item: OptionType & { readonly kind: "text" };
    }
  | { readonly kind: "group"; readonly fields: Readonly<Record<string, FieldRow>> };

/** One field of a group: `public_access.redis`. */
export interface FieldRow {
  readonly type: Exclude<OptionType, { readonly kind: "group" }>;
  readonly meaning: string;
  readonly required?: true;
  readonly default?: unknown;
  /** Never printed. */
  readonly secret?: true;
}

/**
 * How an option takes effect.
 * - `directive`: a directive of the server; `live` where the running server takes it, else the service is restarted.
 * - `service`: something that the service does around the server.
 * - `kept`: it means something in a cloud only; it is kept and shown.
 */
export type OptionEffect =
  | {
      readonly by: "directive";
      readonly directive: string;
      readonly live: boolean;
      /** The directive's arguments in redis.conf. Gets the option's value, and all options with their defaults. */
      readonly args: (value: unknown, all: UserConfig) => readonly string[];
    }
  | { readonly by: "service" }
  | { readonly by: "kept" };

/** What is known about one option of `user_config`. */
export interface OptionRow {
  readonly type: OptionType;
  /** What holds where nothing is set; absent where nothing does. */
  readonly default?: unknown;
  /** Whether it may be set to nothing, in the original's schema. */
  readonly nullable?: true;
  /** Whether it can be given to `create` only. */
  readonly createOnly?: true;
  readonly effect: OptionEffect;
  /** What it is, in one sentence. */
  readonly meaning: string;
  /** How it takes effect here, in one sentence. */
  readonly here: string;
}
