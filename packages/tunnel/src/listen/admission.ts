import { type Rate, TokenBucket } from "./bucket.ts";

/** How many connections a listener takes. */
export interface AdmissionLimits {
  /** Open at a time, all together. Default 10 000, as Redis itself has it. */
  readonly connections?: number;
  /** Open at a time from one address. Default: no limit of its own. */
  readonly connectionsPerAddress?: number;
  /** New ones. Those above the rate wait their turn, as long as the handshake may take; then they are refused. Default: none. */
  readonly rate?: Rate;
}

/** Why a connection was not let in. */
export type Refusal = "too-many-connections" | "too-many-from-address" | "too-fast";

/** Counts who is in, and says who may come in. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #bucket: TokenBucket | null;
  readonly #byAddress = new Map<string, number>();
  #open = 0;

  constructor(limits: AdmissionLimits, now: number) {
    this.#limits = limits;
    this.#bucket = limits.rate === undefined ? null : new TokenBucket(limits.rate, now);
  }

  /** Connections that are in. */
  get open(): number {
    return this.#open;
  }

  /** Takes a place for one more connection, whoever it is from. {@link leave} gives it back. */
  enter(): Refusal | null {
    if (this.#open >= (this.#limits.connections ?? 10_000)) return "too-many-connections";
    this.#open++;
    return null;
  }

  leave(): void {
    this.#open--;
  }

  /** Takes a place of those for one address. {@link leaveFrom} gives it back. */
  enterFrom(address: string): Refusal | null {
    const limit = this.#limits.connectionsPerAddress;
    if (limit === undefined) return null;
    const open = this.#byAddress.get(address) ?? 0;
    if (open >= limit) return "too-many-from-address";
    this.#byAddress.set(address, open + 1);
    return null;
  }

  leaveFrom(address: string): void {
    const open = this.#byAddress.get(address);
    if (open === undefined) return;
    if (open > 1) this.#byAddress.set(address, open - 1);
    else this.#byAddress.delete(address);
  }

  /** How long the next connection waits for its turn, ms; null when longer than its patience. */
  turn(now: number, patience: number): number | null {
    return this.#bucket === null ? 0 : this.#bucket.take(now, patience);
  }
}
