import { type ClientOptions, resolveSettings, type Settings } from "../client/options.ts";
import { type Role, requireRole } from "../discovery/role.ts";
import type { Route, RouteOptions } from "../discovery/route.ts";
import { RedoubtError } from "../errors.ts";
import type { Dialled } from "../net/dial.ts";
import { library } from "../version.ts";

/** Options of all clients of a pool, whichever host they lead to. */
export type HostClientOptions = Omit<ClientOptions, "url" | "target">;

/**
 * Hosts that do the same for their clients, each a connection string of any dialect: a client prefers one, and goes to
 * the next when that cannot be reached.
 */
export class Hosts {
  readonly #settings: readonly Settings[];
  readonly #role: Role | null;

  /**
   * @param role what each host must be; null: anything
   * @throws RedoubtError of the family `CONFIG_`; `CONFIG_NO_ENDPOINT` for an empty list
   */
  constructor(hosts: readonly string[], options: HostClientOptions, role: Role | null) {
    if (hosts.length === 0) throw new RedoubtError("CONFIG_NO_ENDPOINT", "The list of hosts is empty");
    this.#settings = hosts.map((url) => resolveSettings({ ...options, url }, library));
    this.#role = role;
  }

  get count(): number {
    return this.#settings.length;
  }

  /** The settings of a client that prefers the host of this place. */
  settings(place: number): Settings {
    const preferred = this.#settings[place % this.count] as Settings;
    return { ...preferred, route: this.#route(place) };
  }

  #route(place: number): Route {
    const order = this.#settings.map((_, at) => this.#settings[(place + at) % this.count] as Settings);
    return {
      dial: (each) => this.#dialFirst(order, each),
      follows: order.some(({ route }) => route.follows),
      hold: (holder) => {
        for (const { route } of order) route.hold(holder);
      },
      release: (holder) => {
        for (const { route } of order) route.release(holder);
      },
    };
  }

  async #dialFirst(order: readonly Settings[], { connectTimeout, signal }: RouteOptions): Promise<Dialled> {
    const until = performance.now() + connectTimeout;
    const failures: RedoubtError[] = [];
    for (const [at, { route }] of order.entries()) {
      // A host that swallows packets must leave time for the others.
      const share = Math.max(1, (until - performance.now()) / (order.length - at));
      try {
        const dialled = await route.dial({ connectTimeout: share, signal });
        if (this.#role === null) return dialled;
        return await requireRole(dialled, this.#role, `it is listed as a ${this.#role}`, signal);
      } catch (error) {
        if (!(error instanceof RedoubtError) || signal.aborted) throw error;
        failures.push(error);
      }
    }
    const [first] = failures as [RedoubtError, ...RedoubtError[]];
    if (failures.length === 1) throw first;
    throw new RedoubtError(first.code, failures.map(({ message }) => message).join("; "), {
      hint: first.hint,
      cause: new AggregateError(failures),
      ...(first.address !== undefined && { address: first.address }),
      ...(first.stage !== undefined && { stage: first.stage }),
    });
  }
}
