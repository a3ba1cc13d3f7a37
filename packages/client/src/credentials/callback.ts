import type { CredentialsProvider, CredentialsSource } from "./provider.ts";
import { type RenewalOptions, RenewedCredentials } from "./renewed-credentials.ts";

/** Options of {@link callbackCredentials}. */
export type CallbackOptions = Partial<Omit<RenewalOptions, "watch">>;

/**
 * Credentials from a function of yours. What it says to expire is renewed ahead of that; without `expiresAt` it is asked
 * for every connection.
 *
 * ```ts text
 * createClient({ url, credentials: callbackCredentials(async () => ({ username: "app", password: await vault.read() })) });
 * ```
 */
export function callbackCredentials(
  source: CredentialsSource,
  options: CallbackOptions = {},
): CredentialsProvider {
  return new RenewedCredentials(source, { name: "the credentials callback", ...options });
}
