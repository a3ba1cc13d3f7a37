import { RedoubtError } from "@redoubt/client";
import { parsePrefix, prefixesSet, privateAddresses } from "../model/address.ts";

/** A user-defined route of a plan. */
export interface PlannedRoute {
  readonly name: string;
  readonly prefix: string;
  readonly nextHop: "Internet";
}

/** Routes for the subnet of a cache, and what they cannot mend. */
export interface RoutesPlan {
  readonly routes: readonly PlannedRoute[];
  readonly warnings: readonly string[];
}

/**
 * Routes that keep the dependencies of a cache off a tunnel: everything goes to the internet directly, and so does each prefix that
 * the gateway advertises besides, because a longer prefix would win over the route for everything.
 *
 * @param advertised prefixes that ExpressRoute or VPN advertises: `0.0.0.0/0` for forced tunnelling. Private ones stay with the gateway
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for what is no IPv4 prefix
 */
export function planRoutes(advertised: readonly string[] = ["0.0.0.0/0"]): RoutesPlan {
  const longer = new Map<string, PlannedRoute>();
  for (const [index, text] of advertised.entries()) {
    const prefix = parsePrefix(text);
    if (prefix === null || prefix === "ipv6")
      throw new RedoubtError("CONFIG_INVALID_VALUE", `advertised[${index}] is no IPv4 prefix.`);
    if (prefix.length === 0 || privateAddresses.covers(prefixesSet([text]))) continue;
    longer.set(text, {
      name: `redis-to-internet-${text.replaceAll(/[./]/g, "-")}`,
      prefix: text,
      nextHop: "Internet",
    });
  }
  const warnings = [
    "After a change of routes, reboot all nodes of the cache.",
    ...(longer.size > 4
      ? [
          "So many public prefixes look like those of Microsoft peering, advertised on the private path by mistake: stop that, because a cache is not supported with it.",
        ]
      : []),
  ];
  const everything: PlannedRoute = { name: "redis-to-internet", prefix: "0.0.0.0/0", nextHop: "Internet" };
  return { routes: [everything, ...longer.values()], warnings };
}
