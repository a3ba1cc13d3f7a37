import type { Backend } from "./backend.ts";

/** Backends of which the first that is up takes the connections. */
export class BackendGroup {
  readonly backends: readonly Backend[];

  constructor(backends: readonly Backend[]) {
    this.backends = backends;
  }

  /** Those that are up, in order. Several are tried one after the other. */
  get candidates(): readonly Backend[] {
    return this.backends.filter(({ up }) => up);
  }

  /** Why none is up; null when one is. */
  get trouble(): string | null {
    if (this.backends.some(({ up }) => up)) return null;
    return this.backends
      .map(({ text, why }) => `${text} is down: ${why ?? "it failed its checks"}`)
      .join("; ");
  }
}
