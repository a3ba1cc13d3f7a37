import type { Endpoint } from "../../model/endpoint.ts";
import { fault } from "../../model/fault.ts";
import type { Resource } from "../../model/resource.ts";
import { isFree, type PortBook } from "./port-book.ts";

/** A resource that listens. */
export interface Listener {
  readonly owner: Resource;
  readonly endpoints: readonly Endpoint[];
  /** Whether its target ports are ports of this machine: not inside a container, and not those that it has elsewhere only. */
  readonly local: boolean;
}

/** Gives endpoints their ports on this machine. */
export class Allocation {
  readonly #book: PortBook;

  constructor(book: PortBook) {
    this.#book = book;
  }

  /**
   * Gives all endpoints of all resources their ports: those first that are asked for by number.
   * @throws RedoubtError `APP_MODEL` when two ask for the same
   */
  async allocate(listeners: readonly Listener[]): Promise<void> {
    const all = listeners.flatMap(({ owner, endpoints, local }) =>
      endpoints.map((endpoint) => ({ owner, endpoint, local })),
    );
    for (const { owner, endpoint, local } of all) {
      for (const port of fixedPorts(endpoint, local)) {
        const other = this.#book.reserve(keyOf(endpoint), port);
        if (other !== null)
          throw fault("APP_MODEL", `${keyOf(endpoint)} asks for port ${port}, and so does ${other}`, {
            at: owner.madeAt,
            hint: "Give one of them another port, or none: a free one is found then.",
          });
      }
    }
    for (const { endpoint, local } of all) {
      const port = fixedPort(endpoint, local) ?? (await this.#book.choose(keyOf(endpoint)));
      endpoint.allocated.set({ host: "localhost", port });
    }
    await this.#book.save();
  }

  /**
   * Makes sure that the ports of a resource are free now that it is about to start. One that was chosen for it may have been
   * taken by somebody else since: then it gets another.
   * @throws RedoubtError `TCP_ADDRESS_IN_USE` for one that was asked for by number
   */
  async ensure({ owner, endpoints, local }: Listener, say: (text: string) => void): Promise<void> {
    for (const endpoint of endpoints) {
      for (const port of fixedPorts(endpoint, local)) {
        if (await isFree(port)) continue;
        throw fault("TCP_ADDRESS_IN_USE", `port ${port} of ${keyOf(endpoint)} is in use by another program`, {
          at: owner.madeAt,
          hint: "End the other program, or give the endpoint another port or none: a free one is found then.",
        });
      }
      if (fixedPort(endpoint, local) !== undefined) continue;
      const port = endpoint.allocated.current?.port;
      if (port !== undefined && (await isFree(port))) continue;
      const other = await this.#book.choose(keyOf(endpoint), port);
      endpoint.allocated.set({ host: "localhost", port: other });
      await this.#book.save();
      say(`port ${port} is in use by another program: ${endpoint.name} has port ${other} now`);
    }
  }
}

/** What an endpoint is called in messages and in the book: `todos/http`. */
const keyOf = ({ owner, name }: Endpoint): string => `${owner.name}/${name}`;

/** The port on this machine that the user asks for; undefined: any. */
function fixedPort({ port, targetPort }: Endpoint, local: boolean): number | undefined {
  return port ?? (local ? targetPort : undefined);
}

/** All ports of this machine that the user asks for. */
function fixedPorts(endpoint: Endpoint, local: boolean): number[] {
  const inside = local ? endpoint.targetPort : undefined;
  return [...new Set([fixedPort(endpoint, local), inside].filter((port) => port !== undefined))];
}
