import type { Environment } from "../config/parse.ts";
import type { Target } from "../config/target.ts";

const azure: readonly (string | null)[] = ["azure-cache", "azure-managed-redis"];

/** What `withAzureAuthentication` does for a target. */
export type AzureLogin = "entra" | "password" | "unknown-host";

/**
 * Whether a target is logged in to with tokens of Entra ID: a host of Azure is; so is any other without a password where the
 * environment has an identity endpoint (an app host that simulates tokens on this machine, a custom domain on Azure). One with a
 * password is not: it is a Redis of the app host, and the same code is to work there.
 */
export function azureLogin(target: Target, environment: Environment): AzureLogin {
  if (azure.includes(target.provider)) return "entra";
  if (target.password !== null) return "password";
  return target.tls.enabled && environment["IDENTITY_ENDPOINT"] ? "entra" : "unknown-host";
}
