import { endpointText } from "../config/endpoint.ts";
import type { Endpoint, Target } from "../config/target.ts";
import { type Credentials, type CredentialsProvider, sameLogin } from "../credentials/provider.ts";
import { RedoubtError } from "../errors.ts";
import type { DialOptions } from "./dial-options.ts";
import { type LoggedIn, logIn, type Session } from "./handshake.ts";
import type { Stage } from "./report.ts";
import type { Wire } from "./wire.ts";

/** A provider, and the credentials of it with which a connection is logged in. */
export interface ProvidedLogin {
  readonly provider: CredentialsProvider;
  readonly credentials: Credentials;
}

/**
 * Who logs in on a connection. Credentials of a provider are fetched before anything is opened, and in a time of their
 * own: a token service that is slow must not use up the time for connecting.
 */
export class Login {
  readonly #provider: CredentialsProvider | null;
  #session: Session;
  #credentials: Credentials | null = null;

  constructor(target: Target, options: DialOptions) {
    const { credentials } = options;
    this.#provider = credentials !== undefined && "get" in credentials ? credentials : null;
    const said = credentials !== undefined && !("get" in credentials) ? credentials : null;
    this.#session = {
      username: said === null ? target.username : said.username,
      password: said === null ? (target.password?.reveal() ?? null) : said.password,
      clientName: target.clientName,
      database: target.database ?? 0,
      protocol: options.protocol ?? 3,
      library: options.library ?? null,
      loginLater: options.loginLater ?? false,
    };
  }

  get session(): Session {
    return this.#session;
  }

  /** What the provider gave; null without one. */
  get provided(): ProvidedLogin | null {
    return this.#provider === null || this.#credentials === null
      ? null
      : { provider: this.#provider, credentials: this.#credentials };
  }

  /**
   * Asks the provider, if there is one.
   * @returns the stage, if there was one
   * @throws RedoubtError `AUTH_PROVIDER_FAILED`, `CONFIG_INSECURE` for a token that plain text would give away
   */
  async fetch(target: Target, endpoint: Endpoint, { signal, onStage }: DialOptions): Promise<Stage[]> {
    const provider = this.#provider;
    if (provider === null) return [];
    const address = endpointText(endpoint);
    if (provider.tlsOnly && !target.tls.enabled) {
      throw new RedoubtError(
        "CONFIG_INSECURE",
        `${address} is to be dialled without TLS, and these credentials are tokens that must not be sent in plain text`,
        { hint: "Write rediss:// (or ssl=true), or give other credentials." },
      );
    }
    const start = performance.now();
    const end = (ok: boolean, detail: string): Stage => {
      const stage: Stage = { name: "credentials", ms: performance.now() - start, ok, detail };
      onStage?.(stage);
      return stage;
    };
    try {
      this.#take(await orAborted(provider.get(), signal));
      return [end(true, this.#finding())];
    } catch (error) {
      const failure =
        error instanceof RedoubtError
          ? error.alsoWith({ address, stage: "credentials" })
          : new RedoubtError("AUTH_PROVIDER_FAILED", "The credentials provider threw", {
              address,
              stage: "credentials",
              cause: error,
            });
      end(false, failure.message);
      throw failure;
    }
  }

  /** Logs in; when the server does not accept what the provider gave, once more with something newer. */
  async run(wire: Wire, where: string, signal: AbortSignal): Promise<LoggedIn> {
    try {
      return await logIn(wire, this.#session, where, signal);
    } catch (error) {
      const refused = this.#credentials;
      if (this.#provider === null || refused === null) throw error;
      if (!(error instanceof RedoubtError) || error.code !== "AUTH_FAILED") throw error;
      const fresh = await this.#provider.get({ refused });
      if (sameLogin(fresh, refused)) throw error;
      this.#take(fresh);
      return logIn(wire, this.#session, where, signal);
    }
  }

  #take(credentials: Credentials): void {
    this.#credentials = credentials;
    const { username, password } = credentials;
    this.#session = { ...this.#session, username, password: password.reveal() };
  }

  #finding(): string {
    const { username, expiresAt } = this.#credentials as Credentials;
    const until = expiresAt === null ? "" : `, valid until ${new Date(expiresAt).toISOString()}`;
    return `user ${username ?? "default"}${until}`;
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void =>
      reject(new RedoubtError("CLOSED_ABORTED", "Connecting was aborted", { cause: signal.reason }));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
