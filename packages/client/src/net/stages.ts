import { endpointText } from "../config/endpoint.ts";
import type { Endpoint } from "../config/target.ts";
import { type ErrorCode, RedoubtError } from "../errors.ts";
import type { Stage, StageName } from "./report.ts";

/** A stage that counts against the deadline. */
type Step = Exclude<StageName, "credentials">;

/** What an attempt waits for in a stage, and the code when it waits in vain. */
const waiting: Readonly<Record<Step, { readonly what: string; readonly code: ErrorCode }>> = {
  dns: { what: "the name to be resolved", code: "TIMEOUT_CONNECT" },
  tcp: { what: "the connection to be accepted", code: "TCP_TIMEOUT" },
  tls: { what: "the TLS handshake", code: "TLS_HANDSHAKE_TIMEOUT" },
  auth: { what: "the reply to HELLO or AUTH", code: "TIMEOUT_CONNECT" },
  setup: { what: "the reply to SELECT or CLIENT", code: "TIMEOUT_CONNECT" },
};
const preparing = { what: "certificateSelection", code: "TIMEOUT_CONNECT" } as const;

/** How long a TLS handshake may still find out what is wrong once the deadline has passed, ms. */
const grace = 250;
/** The longest time that a timer of Node can wait, ms. */
const longestTimer = 2 ** 31 - 1;

/** What {@link Stages} is told by its caller. */
export interface StagesOptions {
  /** All stages together, ms. */
  readonly connectTimeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly onStage?: ((stage: Stage) => void) | undefined;
}

/** The stages of one attempt to connect: each is named, timed and reported, and one deadline covers all of them. */
export class Stages {
  /** Those that have ended, in order. */
  readonly ended: Stage[] = [];
  readonly #endpoint: Endpoint;
  readonly #options: StagesOptions;
  readonly #deadline = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #current: Step | null = null;

  /** @throws RedoubtError `CONFIG_INVALID_VALUE` for a time that is none */
  constructor(endpoint: Endpoint, options: StagesOptions) {
    const { connectTimeout, signal } = options;
    if (!(connectTimeout > 0))
      throw new RedoubtError("CONFIG_INVALID_VALUE", "connectTimeout is a time in ms, more than 0");
    this.#endpoint = endpoint;
    this.#options = options;
    this.#timer = setTimeout(this.#expired, Math.min(connectTimeout, longestTimer));
    if (signal?.aborted) this.#aborted();
    else signal?.addEventListener("abort", this.#aborted);
  }

  /** Aborted when the deadline has passed or the caller gives up. Its reason is a RedoubtError. */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /**
   * Runs what comes before the first stage. It is no stage and not reported, but the deadline counts.
   * @throws RedoubtError what the work throws, or the signal's reason
   */
  async prepare<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#orAbort(work());
    } catch (error) {
      throw this.#located(error, undefined);
    }
  }

  /**
   * Runs one stage and reports it, whether it works out or not.
   * @param found says in one line what it gave
   * @throws RedoubtError with stage and address
   */
  async run<T>(name: Step, work: () => Promise<T>, found: (value: T) => string): Promise<T> {
    this.#current = name;
    const start = performance.now();
    const end = (ok: boolean, detail: string): void => {
      const stage: Stage = { name, ms: performance.now() - start, ok, detail };
      this.ended.push(stage);
      this.#options.onStage?.(stage);
    };
    let value: T;
    try {
      value = await this.#orAbort(work());
    } catch (error) {
      const failure = this.#located(error, name);
      end(false, failure.message);
      throw failure;
    }
    end(true, found(value));
    return value;
  }

  /** The attempt is over, well or badly: no timer and no listener stays behind. */
  end(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#aborted);
  }

  readonly #expired = (): void => {
    const { code, what } = this.#current === null ? preparing : waiting[this.#current];
    const address = endpointText(this.#endpoint);
    const message = `${address} was not ready within ${this.#options.connectTimeout} ms: it was waiting for ${what}`;
    this.#deadline.abort(
      new RedoubtError(code, message, { address, ...(this.#current !== null && { stage: this.#current }) }),
    );
  };

  readonly #aborted = (): void => {
    const cause: unknown = this.#options.signal?.reason;
    this.#deadline.abort(new RedoubtError("CLOSED_ABORTED", "Connecting was aborted", { cause }));
  };

  /** What a promise gives, or the reason of the signal. */
  #orAbort<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const abort = (): void => {
        const { reason } = signal as { reason: RedoubtError };
        // The stages listen to the signal themselves and may know more: they get the first word.
        const wait = reason.code === "TLS_HANDSHAKE_TIMEOUT" ? grace : 0;
        timer = setTimeout(() => reject(reason), wait);
      };
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort);
      promise.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
      });
    });
  }

  #located(error: unknown, stage: StageName | undefined): RedoubtError {
    const where = endpointText(this.#endpoint);
    if (!(error instanceof RedoubtError)) {
      const { message } = error as Error;
      return new RedoubtError("TCP_FAILED", `${where}: ${message}`, {
        address: where,
        ...(stage !== undefined && { stage }),
        cause: error,
      });
    }
    const step = error.code.startsWith("TLS_") ? "tls" : stage;
    if (error.stage !== undefined || step === undefined) return error;
    return new RedoubtError(error.code, error.message, {
      address: error.address ?? where,
      stage: step,
      hint: error.hint,
      cause: error.cause ?? error,
    });
  }
}
