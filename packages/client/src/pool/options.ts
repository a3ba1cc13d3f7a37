import { RedoubtError } from "../errors.ts";

/** Options of a pool; names and defaults are node-redis's. */
export interface PoolOptions {
  /** How many clients are kept although nobody needs them. Default 1. */
  readonly minimum: number;
  /** Default 100. */
  readonly maximum: number;
  /** How long somebody waits for a client, ms; 0: as long as it takes. Default 3000. */
  readonly acquireTimeout: number;
  /** After how long clients above the minimum that nobody needs are closed, ms. Default 3000. */
  readonly cleanupDelay: number;
  /** How many may wait for a client. Default 10,000. */
  readonly maxWaiting: number;
}

export const defaultPool: PoolOptions = {
  minimum: 1,
  maximum: 100,
  acquireTimeout: 3000,
  cleanupDelay: 3000,
  maxWaiting: 10_000,
};

/**
 * Fills in the defaults.
 * @throws RedoubtError `CONFIG_INVALID_VALUE`, `CONFIG_UNKNOWN_KEY`
 */
export function poolOptions(given: Partial<PoolOptions>, defaults: PoolOptions = defaultPool): PoolOptions {
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaultPool, key)) {
      const known = Object.keys(defaultPool).join(", ");
      throw new RedoubtError("CONFIG_UNKNOWN_KEY", `Unknown option ${key} of a pool: known are ${known}`);
    }
    const least = key === "maximum" || key === "maxWaiting" ? 1 : 0;
    if (!Number.isFinite(value) || value < least)
      throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} must be a number from ${least}, not ${value}`);
  }
  const options = { ...defaults, ...given };
  if (options.minimum > options.maximum) {
    const { minimum, maximum } = options;
    throw new RedoubtError("CONFIG_INVALID_VALUE", `minimum (${minimum}) is above maximum (${maximum})`);
  }
  return options;
}
