import type { Endpoint, Target } from "@redoubt/client/config";
import type { TlsOptions } from "@redoubt/client/tls";
import { carrierText } from "../upstream/carrier.ts";
import type { HealthOptions } from "./health-options.ts";
import { Probe } from "./probe.ts";

/** A change in the health of a backend. */
export interface BackendChange {
  readonly backend: string;
  readonly up: boolean;
  /** Why it is down; null when it is up. */
  readonly why: string | null;
}

/** How a backend is kept. */
export interface BackendOptions {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly tls?: TlsOptions;
  readonly sendProxy: 1 | 2 | null;
  /** False: it counts as up, whatever happens. */
  readonly health: HealthOptions | false;
  /** Whether the server's `timeout` is read, and read again. */
  readonly readsTimeout: boolean;
  readonly changed: (change: BackendChange) => void;
}

/** How often the server's `timeout` is read again, ms. */
const timeoutEvery = 30_000;

/** One server that connections go to, and how it is. */
export class Backend {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly tls: TlsOptions | undefined;
  /** `10.0.0.9:6379` */
  readonly text: string;
  /** Checks that were made, and how many failed. */
  checks = 0;
  failedChecks = 0;
  /** What the server's `timeout` says, ms; null while it is not known. */
  redisTimeout: number | null = null;
  readonly #options: BackendOptions;
  readonly #probe: Probe;
  #up = true;
  #why: string | null = null;
  #row = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #timeoutReadAt = Number.NEGATIVE_INFINITY;

  constructor(options: BackendOptions) {
    this.#options = options;
    this.target = options.target;
    this.endpoint = options.endpoint;
    this.tls = options.tls;
    this.text = carrierText(options.endpoint);
    const { timeout = 2000, role = "any" } = options.health === false ? {} : options.health;
    const { target, endpoint, tls, sendProxy } = options;
    this.#probe = new Probe({
      target,
      endpoint,
      role,
      sendProxy,
      timeout,
      ...(tls !== undefined && { tls }),
    });
  }

  get up(): boolean {
    return this.#up;
  }

  /** Why it is down; null when it is up. */
  get why(): string | null {
    return this.#why;
  }

  /** Begins to check. Resolves after the first check, which alone decides whether it begins as up or down. */
  async start(): Promise<void> {
    if (this.#options.health === false) return;
    await this.#check(true);
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#probe.close();
  }

  #schedule(): void {
    if (this.#closed || this.#options.health === false) return;
    const { interval = 2000 } = this.#options.health;
    this.#timer = setTimeout(() => void this.#check(false).then(() => this.#schedule()), interval);
  }

  async #check(first: boolean): Promise<void> {
    let why: string | null = null;
    try {
      await this.#probe.check();
      if (this.#options.readsTimeout && performance.now() - this.#timeoutReadAt > timeoutEvery) {
        this.#timeoutReadAt = performance.now();
        this.redisTimeout = await this.#probe.redisTimeout();
      }
    } catch (error) {
      why = (error as Error).message;
    }
    if (this.#closed) return this.#probe.close();
    this.checks++;
    if (why !== null) this.failedChecks++;
    this.#judge(why, first);
  }

  #judge(why: string | null, first: boolean): void {
    const { rise = 2, fall = 3 } = this.#options.health === false ? {} : this.#options.health;
    const good = why === null;
    if (good === this.#up) this.#row = 0;
    else this.#row++;
    if (!good && !this.#up) this.#why = why;
    if (good === this.#up || (!first && this.#row < (good ? rise : fall))) return;
    this.#row = 0;
    this.#up = good;
    this.#why = why;
    this.#options.changed({ backend: this.text, up: good, why });
  }
}
