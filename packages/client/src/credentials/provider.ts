import type { Secret } from "../config/secret.ts";
import type { RedoubtError } from "../errors.ts";

/** Who logs in, and until when. */
export interface Credentials {
  /** `null`: the user `default`. */
  readonly username: string | null;
  readonly password: Secret;
  /** Milliseconds since 1970; `null`: not known. */
  readonly expiresAt: number | null;
}

/** {@link Credentials} as a program writes them down. */
export interface PlainCredentials {
  /** Default: the user `default`. */
  readonly username?: string | null | undefined;
  /** Password or token. */
  readonly password: string;
  /** Default: not known. */
  readonly expiresAt?: number | Date | null | undefined;
}

/** Fetches credentials: from a vault, a token service, a file. Called anew for every renewal. */
export type CredentialsSource = (options: {
  /** Aborted when the attempt has taken too long. */
  readonly signal: AbortSignal;
}) => PlainCredentials | Promise<PlainCredentials>;

/** Somebody who is logged in and wants to stay so. */
export interface CredentialsListener {
  /** There are other credentials than before. */
  renewed(credentials: Credentials): void;
  /** They could not be renewed (`AUTH_PROVIDER_FAILED`); it is tried again by itself. */
  failed(error: RedoubtError): void;
}

/** What {@link CredentialsProvider.get} is told. */
export interface GetOptions {
  /** The server did not accept these: others are wanted. */
  readonly refused?: Credentials;
}

/**
 * Gives credentials to every connection of a client: the first one, those after a reconnect, nodes of a cluster,
 * subscribers, duplicates. One provider may serve several clients.
 */
export interface CredentialsProvider {
  /** Whether a connection without TLS must not carry them. */
  readonly tlsOnly: boolean;
  /**
   * The newest credentials. Callers at the same time share one request.
   * @throws RedoubtError `AUTH_PROVIDER_FAILED`
   */
  get(options?: GetOptions): Promise<Credentials>;
  /**
   * Tells of renewals, and keeps renewing while anybody listens.
   * @param since what the listener has: when there is something newer, it is told at once
   * @returns ends it
   */
  subscribe(listener: CredentialsListener, since?: Credentials): () => void;
}

/** Whether both say the same. */
export function sameLogin(a: Credentials, b: Credentials): boolean {
  return a.username === b.username && a.password.reveal() === b.password.reveal();
}
