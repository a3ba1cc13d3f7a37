import { Secret } from "../config/secret.ts";
import type { Credentials, CredentialsProvider, PlainCredentials } from "./provider.ts";

/** Credentials that never change. */
export function staticCredentials({ username = null, password }: PlainCredentials): CredentialsProvider {
  const credentials: Credentials = { username, password: new Secret(password), expiresAt: null };
  return { tlsOnly: false, get: async () => credentials, subscribe: () => () => {} };
}
