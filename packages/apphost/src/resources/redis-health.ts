import { createClient, entraCredentials, explain } from "@redoubt/client";
import type { HealthCheck } from "../model/resource.ts";
import type { Value } from "../model/value.ts";
import type { SimulatedIdentity } from "./simulated-identity.ts";

/** How long one look may take, ms. */
const patience = 5_000;

/** Connects with the connection string that consumers get, and pings: TLS, certificate and password are looked at, too. */
export function redisHealthCheck(
  name: string,
  connectionString: () => Value,
  trust: Value,
  identity: () => SimulatedIdentity | undefined,
): HealthCheck {
  return {
    name,
    check: async ({ signal }) => {
      const context = { viewpoint: "host" as const, signal };
      const text = await connectionString().resolve(context);
      if (text === undefined) return { status: "unhealthy", message: "there is no connection string" };
      const authority = await trust.resolve(context);
      const simulated = identity();
      const client = createClient({
        url: text,
        socket: { connectTimeout: patience, reconnectStrategy: false },
        commandOptions: { timeout: patience },
        offlineQueue: false,
        ...(authority !== undefined && { tls: { caFile: authority } }),
        ...(simulated !== undefined && { credentials: entraCredentials(simulated.credential()) }),
      });
      // What goes wrong is what `connect` and `ping` reject with.
      client.on("error", () => {});
      const giveUp = (): void => client.destroy();
      signal.addEventListener("abort", giveUp, { once: true });
      try {
        await client.connect();
        await client.ping();
        return { status: "healthy" };
      } catch (error) {
        return { status: "unhealthy", message: explain(error).what };
      } finally {
        signal.removeEventListener("abort", giveUp);
        client.destroy();
      }
    },
  };
}
