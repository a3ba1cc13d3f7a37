import type { Buffer } from "node:buffer";

/** TLS sessions that a client section may resume, by target. Only sessions of peers that were accepted belong here. */
export class Sessions {
  readonly #most: number;
  /** Milliseconds. */
  readonly #life: number;
  readonly #kept = new Map<string, { readonly session: Buffer; readonly until: number }>();

  /**
   * @param most how many are kept, the oldest go first
   * @param life how long each may be used, seconds
   */
  constructor(most: number, life: number) {
    this.#most = most;
    this.#life = life * 1000;
  }

  keep(target: string, session: Buffer): void {
    this.#kept.delete(target);
    this.#kept.set(target, { session, until: performance.now() + this.#life });
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value as string);
  }

  find(target: string): Buffer | undefined {
    const found = this.#kept.get(target);
    return found !== undefined && performance.now() < found.until ? found.session : undefined;
  }

  /** After a failure with it: the next handshake is a whole one. */
  forget(target: string): void {
    this.#kept.delete(target);
  }
}
