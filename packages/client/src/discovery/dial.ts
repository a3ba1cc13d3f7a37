import type { Target } from "../config/target.ts";
import { type Dialled, dial as dialEndpoints } from "../net/dial.ts";
import { type DialOptions, defaultConnectTimeout } from "../net/dial-options.ts";
import { routeTo } from "./target-route.ts";

/**
 * Opens a connection to where a target leads: the first of its endpoints that answers, or the master that its Sentinels
 * name. The stages told are those of that connection, not of asking Sentinels.
 * @throws RedoubtError with the stage that failed, or of the family `TOPOLOGY_`
 */
export function dial(target: Target, options: DialOptions = {}): Promise<Dialled> {
  if (target.sentinel === null) return dialEndpoints(target, options);
  const connectTimeout = options.connectTimeout ?? target.timeouts.connectMs ?? defaultConnectTimeout;
  const signal = options.signal ?? new AbortController().signal;
  return routeTo(target, options).dial({ connectTimeout, signal });
}
