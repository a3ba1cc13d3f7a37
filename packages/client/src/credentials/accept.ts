import { RedoubtError } from "../errors.ts";
import { callbackCredentials } from "./callback.ts";
import { fromNodeRedis, type NodeRedisCredentialsProvider } from "./node-redis.ts";
import type { CredentialsProvider, CredentialsSource, PlainCredentials } from "./provider.ts";
import { staticCredentials } from "./static.ts";

/** What the option `credentials` takes: a provider, a function that fetches, or user and password. */
export type CredentialsOption = CredentialsProvider | CredentialsSource | PlainCredentials;

/**
 * The provider that options ask for; undefined for none.
 * @throws RedoubtError `CONFIG_AMBIGUOUS` when they say twice who logs in, `CONFIG_INVALID_VALUE`
 */
export function chosenProvider(options: {
  readonly credentials?: CredentialsOption;
  readonly credentialsProvider?: NodeRedisCredentialsProvider;
  readonly username?: string;
  readonly password?: string;
}): CredentialsProvider | undefined {
  const { credentials, credentialsProvider } = options;
  const given = (["credentials", "credentialsProvider", "username", "password"] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (given.length > 1 && (credentials ?? credentialsProvider) !== undefined) {
    throw new RedoubtError("CONFIG_AMBIGUOUS", `Who logs in is said more than once: ${given.join(", ")}`, {
      hint: "Give either credentials or username and password.",
    });
  }
  if (credentialsProvider !== undefined) return fromNodeRedis(credentialsProvider);
  return credentials === undefined ? undefined : providerOf(credentials);
}

/** Makes a provider of what was given. */
function providerOf(given: CredentialsOption): CredentialsProvider {
  if (typeof given === "function") return callbackCredentials(given);
  if (typeof given === "object" && given !== null) {
    if ("get" in given && "subscribe" in given) return given;
    if ("password" in given && typeof given.password === "string") return staticCredentials(given);
  }
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    "credentials must be a provider, a function, or { username, password }",
  );
}
