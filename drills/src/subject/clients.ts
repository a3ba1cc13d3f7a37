import {
  type Client,
  type ClientOptions,
  type Cluster,
  createClient,
  createCluster,
  createSentinel,
} from "@redoubt/client";
import type { Plan, Token } from "./plan.ts";

/**
 * The options of every client of the plan.
 * @param token fetches a token
 */
export function optionsOf(plan: Plan, token: () => Promise<Token>): ClientOptions {
  return {
    url: plan.url,
    ...(plan.socketTimeout !== undefined && { socket: { socketTimeout: plan.socketTimeout } }),
    ...(plan.tokens && { credentials: token }),
  };
}

/** The clients of the plan, not connected. Nobody listens to their `error`: that must not end the process. */
export function makeClients(plan: Plan, options: ClientOptions): (Client | Cluster)[] {
  return Array.from({ length: plan.clients }, () => {
    if (plan.kind === "client") return createClient(options);
    return plan.kind === "sentinel" ? createSentinel({ url: plan.url }) : createCluster({ url: plan.url });
  });
}
