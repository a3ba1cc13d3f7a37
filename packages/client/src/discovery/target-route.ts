import type { Target } from "../config/target.ts";
import { dial } from "../net/dial.ts";
import { type DialOptions, defaultConnectTimeout } from "../net/dial-options.ts";
import { fixedRoute, type Route } from "./route.ts";
import { SentinelRoute } from "./sentinel-route.ts";

/** Where a target leads: to its endpoints, the first that answers, or to the master that its Sentinels name. */
export function routeTo(target: Target, options: DialOptions): Route {
  const { sentinel } = target;
  if (sentinel === null) return fixedRoute((each) => dial(target, { ...options, ...each }));
  const { masterName, username, password } = sentinel;
  const { onStage: _, ...quietly } = options;
  // Sentinels that have a password of their own do not get the token that is meant for the data nodes.
  const asked =
    password === null ? quietly : { ...quietly, credentials: { username, password: password.reveal() } };
  return new SentinelRoute({
    masterName,
    sentinels: { target: { ...target, username, password, database: null, sentinel: null }, options: asked },
    data: { target, options },
    connectTimeout: options.connectTimeout ?? defaultConnectTimeout,
  });
}
