import { RedoubtError } from "../errors.ts";
import { type DefaultCredentialOptions, defaultCredential } from "./entra-chain.ts";
import type { CredentialsProvider } from "./provider.ts";
import { RenewedCredentials } from "./renewed-credentials.ts";
import { objectIdOf } from "./token-claims.ts";
import type { TokenCredential } from "./token-credential.ts";

/** The scope of tokens for Azure Cache for Redis and Azure Managed Redis. */
export const redisScope = "https://redis.azure.com/.default";

/** Options of {@link entraCredentials}. */
export interface EntraOptions extends DefaultCredentialOptions {
  /** Default {@link redisScope}. */
  readonly scope?: string;
  /** Who logs in. Default: the claim `oid` of the token. */
  readonly username?: string;
  /** How long one attempt to get a token may take, ms. Default 15,000. */
  readonly timeout?: number;
}

/**
 * Logs in with Microsoft Entra ID: Azure Managed Redis and Azure Cache for Redis without access keys. Tokens are renewed
 * ahead of their end, on connections that are open too, and are never sent without TLS.
 *
 * ```ts text
 * await using client = await createClient({ url: "rediss://cache.westeurope.redis.azure.net:10000", credentials: entraCredentials() }).connect();
 * ```
 * @param credential any credential of `@azure/identity`. Default: found out from the environment, see
 *   {@link DefaultCredentialOptions}; that needs the package `@azure/identity`.
 */
export function entraCredentials(
  credential?: TokenCredential,
  options: EntraOptions = {},
): CredentialsProvider {
  const { scope = redisScope, username, timeout = 15_000 } = options;
  const tokens = credential ?? defaultCredential(options);
  return new RenewedCredentials(
    async ({ signal }) => {
      const found = await tokens.getToken(scope, { abortSignal: signal });
      if (found === null) throw new RedoubtError("AUTH_PROVIDER_FAILED", "The credential gave no token");
      return {
        username: username ?? objectIdOf(found.token),
        password: found.token,
        expiresAt: found.expiresOnTimestamp,
      };
    },
    { name: "Microsoft Entra ID", tlsOnly: true, timeout },
  );
}
