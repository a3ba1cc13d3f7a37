import { inspect } from "node:util";
import { Secret } from "../config/secret.ts";
import { RedoubtError } from "../errors.ts";
import {
  type Credentials,
  type CredentialsListener,
  type CredentialsProvider,
  type CredentialsSource,
  type GetOptions,
  type PlainCredentials,
  sameLogin,
} from "./provider.ts";
import { renewalTime, retryDelay } from "./renewal-time.ts";

/** The longest sleep, ms: a computer that was suspended notices soon that its token is old. */
const longestSleep = 30_000;

/** How credentials are fetched. */
export interface RenewalOptions {
  /** What is asked, for messages: `Microsoft Entra ID`. */
  readonly name: string;
  /** Default false. */
  readonly tlsOnly?: boolean;
  /** How long one attempt may take, ms. Default 10,000. */
  readonly timeout?: number;
  /** How often it is tried before those who wait are told, from 1. Default 3. */
  readonly attempts?: number;
  /** Notices by itself that there is something new; called while somebody listens. Gives back what ends it. */
  readonly watch?: (changed: () => void) => () => void;
}

/**
 * Credentials from a source, kept fresh: renewed ahead of their end, with one request at a time for all connections.
 *
 * While they last, failures to renew them are told to listeners and tried again without end. What has no known end is
 * fetched for each connection anew.
 */
export class RenewedCredentials implements CredentialsProvider {
  readonly tlsOnly: boolean;
  readonly #source: CredentialsSource;
  readonly #options: RenewalOptions;
  readonly #listeners = new Set<CredentialsListener>();
  #current: Credentials | null = null;
  #fetching: Promise<Credentials> | null = null;
  /** When to ask again, ms since 1970. */
  #renewAt = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #unwatch: (() => void) | undefined;

  constructor(source: CredentialsSource, options: RenewalOptions) {
    this.#source = source;
    this.#options = options;
    this.tlsOnly = options.tlsOnly ?? false;
  }

  get({ refused }: GetOptions = {}): Promise<Credentials> {
    const current = this.#current;
    if (current?.expiresAt == null || (refused !== undefined && sameLogin(current, refused)))
      return this.#fetch();
    const now = Date.now();
    if (now >= current.expiresAt) return this.#fetch();
    // Nobody has to wait for a renewal while the credentials last.
    if (now >= this.#renewAt && this.#fetching === null) void this.#renew();
    return Promise.resolve(current);
  }

  subscribe(listener: CredentialsListener, since?: Credentials): () => void {
    this.#listeners.add(listener);
    const current = this.#current;
    if (since !== undefined && current !== null && !sameLogin(current, since)) listener.renewed(current);
    this.#unwatch ??= this.#options.watch?.(() => void this.#renew());
    this.#schedule();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#unwatch?.();
      this.#unwatch = undefined;
    };
  }

  [inspect.custom](): string {
    const until = this.#current?.expiresAt ?? null;
    return `Credentials { ${this.#options.name}${until === null ? "" : `, until ${new Date(until).toISOString()}`} }`;
  }

  toJSON(): Record<string, unknown> {
    return { source: this.#options.name };
  }

  /** Fetches; whoever asks meanwhile gets the same answer. */
  #fetch(): Promise<Credentials> {
    this.#fetching ??= this.#try().finally(() => {
      this.#fetching = null;
      this.#schedule();
    });
    return this.#fetching;
  }

  async #renew(): Promise<void> {
    try {
      await this.#fetch();
    } catch (error) {
      for (const listener of this.#listeners) listener.failed(error as RedoubtError);
    }
  }

  async #try(): Promise<Credentials> {
    const attempts = this.#options.attempts ?? 3;
    for (let attempt = 1; ; attempt++) {
      try {
        return this.#take(checked(await this.#ask(), this.#options.name));
      } catch (error) {
        const failure = this.#failure(error, attempt);
        if (attempt < attempts && failure.transient) {
          await new Promise((resolve) => setTimeout(resolve, retryDelay(attempt)));
          continue;
        }
        this.#failures++;
        this.#renewAt = Date.now() + retryDelay(this.#failures);
        throw failure;
      }
    }
  }

  /** One attempt, which ends in time even if the source does not look at its signal. */
  async #ask(): Promise<PlainCredentials> {
    const { timeout = 10_000, name } = this.#options;
    const deadline = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new RedoubtError("AUTH_PROVIDER_FAILED", `${name} did not answer within ${timeout} ms`);
        reject(error);
        deadline.abort(error);
      }, timeout);
    });
    try {
      return await Promise.race([late, this.#source({ signal: deadline.signal })]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Keeps what came, and tells the listeners when it is something else than before. */
  #take(fresh: Credentials): Credentials {
    const now = Date.now();
    const known = this.#current;
    this.#failures = 0;
    this.#renewAt = fresh.expiresAt === null ? Number.POSITIVE_INFINITY : renewalTime(now, fresh.expiresAt);
    this.#current = fresh;
    if (known !== null && !sameLogin(known, fresh))
      for (const listener of this.#listeners) listener.renewed(fresh);
    return fresh;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#listeners.size === 0 || this.#current?.expiresAt == null) return;
    const wait = Math.min(longestSleep, Math.max(0, this.#renewAt - Date.now()));
    this.#timer = setTimeout(() => {
      if (Date.now() >= this.#renewAt) void this.#renew();
      else this.#schedule();
    }, wait);
    // Connections keep a process alive where that is wanted; looking after their tokens must not.
    this.#timer.unref();
  }

  #failure(error: unknown, attempt: number): RedoubtError {
    if (error instanceof RedoubtError) return error.alsoWith({ attempt });
    const { name } = this.#options;
    return new RedoubtError("AUTH_PROVIDER_FAILED", `${name} gave no credentials`, { cause: error, attempt });
  }
}

/** @throws RedoubtError `AUTH_PROVIDER_FAILED` for what is no user name, password or time */
function checked(given: PlainCredentials, name: string): Credentials {
  const wrong = (what: string): RedoubtError =>
    new RedoubtError("AUTH_PROVIDER_FAILED", `${name} gave ${what}`, {
      hint: "Credentials are { username?: string, password: string, expiresAt?: Date or ms since 1970 }.",
    });
  const { username = null, password, expiresAt = null } = given ?? {};
  if (typeof password !== "string" || password === "") throw wrong("no password");
  if (username !== null && typeof username !== "string") throw wrong("a user name that is no string");
  const ends = expiresAt === null ? null : Number(expiresAt);
  if (Number.isNaN(ends)) throw wrong("a time of expiry that is no time");
  return { username: username === "" ? null : username, password: new Secret(password), expiresAt: ends };
}
