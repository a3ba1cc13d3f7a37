import type { Endpoint } from "../../model/endpoint.ts";

/** A place that a program listens at, as the manifest writes it. */
export interface Binding {
  readonly scheme: string;
  readonly protocol: "tcp";
  readonly transport: "http" | "tcp";
  readonly port?: number;
  readonly targetPort: number;
  readonly external?: true;
}

/** Gives ports to endpoints that name none: from 8000 on, each once for the whole app, as upstream does. */
export class PortNumbers {
  #next = 8000;
  readonly #taken: ReadonlySet<number>;
  readonly #given = new Map<Endpoint, number>();

  /** @param taken ports that the app names itself */
  constructor(taken: Iterable<number>) {
    this.#taken = new Set(taken);
  }

  for(endpoint: Endpoint): number {
    const before = this.#given.get(endpoint);
    if (before !== undefined) return before;
    while (this.#taken.has(this.#next)) this.#next++;
    const port = this.#next++;
    this.#given.set(endpoint, port);
    return port;
  }
}

/** The bindings of endpoints, by their names; `undefined` for none. */
export function bindingsOf(
  endpoints: readonly Endpoint[],
  ports: PortNumbers,
): Readonly<Record<string, Binding>> | undefined {
  if (endpoints.length === 0) return undefined;
  return Object.fromEntries(endpoints.map((endpoint) => [endpoint.name, binding(endpoint, ports)]));
}

function binding(endpoint: Endpoint, ports: PortNumbers): Binding {
  const { scheme, external, port } = endpoint;
  const targetPort = endpoint.targetPort ?? port ?? ports.for(endpoint);
  return {
    scheme,
    protocol: "tcp",
    transport: scheme === "http" || scheme === "https" ? "http" : "tcp",
    ...(port !== undefined && port !== targetPort && { port }),
    targetPort,
    ...(external && { external }),
  };
}
