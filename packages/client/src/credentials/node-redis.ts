import { Secret } from "../config/secret.ts";
import { RedoubtError } from "../errors.ts";
import {
  type Credentials,
  type CredentialsListener,
  type CredentialsProvider,
  sameLogin,
} from "./provider.ts";
import { RenewedCredentials } from "./renewed-credentials.ts";

/** User and password as node-redis's providers give them. */
export interface BasicAuth {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** node-redis's `credentialsProvider`: asked for each connection, or telling by itself (`@redis/entraid`). */
export type NodeRedisCredentialsProvider =
  | { readonly type: "async-credentials-provider"; readonly credentials: () => Promise<BasicAuth> }
  | {
      readonly type: "streaming-credentials-provider";
      readonly subscribe: (listener: {
        onNext(credentials: BasicAuth): void;
        onError(error: Error): void;
      }) => Promise<[BasicAuth, { dispose(): void }]>;
      readonly onReAuthenticationError?: (error: Error) => void;
    };

/**
 * A provider of node-redis as one of ours.
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for another type
 */
export function fromNodeRedis(provider: NodeRedisCredentialsProvider): CredentialsProvider {
  if (provider.type === "streaming-credentials-provider") return new StreamedCredentials(provider);
  if (provider.type !== "async-credentials-provider") {
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      "credentialsProvider.type must be async-credentials-provider or streaming-credentials-provider",
    );
  }
  return new RenewedCredentials(
    async () => {
      const { username, password } = await provider.credentials();
      return { username, password: password ?? "" };
    },
    { name: "credentialsProvider" },
  );
}

/** Credentials that somebody else keeps fresh. */
class StreamedCredentials implements CredentialsProvider {
  readonly tlsOnly = false;
  readonly #provider: Extract<NodeRedisCredentialsProvider, { type: "streaming-credentials-provider" }>;
  readonly #listeners = new Set<CredentialsListener>();
  #first: Promise<void> | null = null;
  #current: Credentials | null = null;
  #stream: { dispose(): void } | null = null;

  constructor(provider: Extract<NodeRedisCredentialsProvider, { type: "streaming-credentials-provider" }>) {
    this.#provider = provider;
  }

  async get(): Promise<Credentials> {
    this.#first ??= this.#open();
    try {
      await this.#first;
    } catch (cause) {
      this.#first = null;
      throw failure(cause);
    }
    if (this.#current === null) throw failure(undefined);
    return this.#current;
  }

  subscribe(listener: CredentialsListener, since?: Credentials): () => void {
    this.#listeners.add(listener);
    const current = this.#current;
    if (since !== undefined && current !== null && !sameLogin(current, since)) listener.renewed(current);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      // Its timers would go on for ever.
      this.#stream?.dispose();
      this.#stream = null;
      this.#first = null;
    };
  }

  async #open(): Promise<void> {
    const [first, stream] = await this.#provider.subscribe({
      onNext: (next) => this.#take(next),
      onError: (error) => {
        for (const listener of this.#listeners) listener.failed(failure(error));
      },
    });
    this.#stream = stream;
    this.#take(first);
  }

  #take({
    username = null,
    password,
  }: {
    username?: string | null | undefined;
    password?: string | undefined;
  }): void {
    if (password === undefined) return;
    const known = this.#current;
    const fresh: Credentials = { username, password: new Secret(password), expiresAt: null };
    this.#current = fresh;
    if (known !== null && !sameLogin(known, fresh))
      for (const listener of this.#listeners) listener.renewed(fresh);
  }
}

function failure(cause: unknown): RedoubtError {
  return new RedoubtError("AUTH_PROVIDER_FAILED", "credentialsProvider gave no credentials", { cause });
}
