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

/** The ports that programs listen at. Those that name none get one: from 8000 on, each once for the whole app, as upstream does. */
export class PortNumbers {
  readonly #given = new Map<Endpoint, number>();

  /** @param endpoints all of the app, in the model's order */
  constructor(endpoints: readonly Endpoint[]) {
    const taken = new Set(endpoints.flatMap(({ targetPort, port }) => targetPort ?? port ?? []));
    let next = 8000;
    for (const endpoint of endpoints) {
      const named = endpoint.targetPort ?? endpoint.port;
      if (named === undefined) while (taken.has(next)) next++;
      this.#given.set(endpoint, named ?? next++);
    }
  }

  /** The port that the program itself listens at. */
  of(endpoint: Endpoint): number {
    return this.#given.get(endpoint) ?? endpoint.targetPort ?? endpoint.port ?? 0;
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
  const targetPort = ports.of(endpoint);
  return {
    scheme,
    protocol: "tcp",
    transport: scheme === "http" || scheme === "https" ? "http" : "tcp",
    ...(port !== undefined && port !== targetPort && { port }),
    targetPort,
    ...(external && { external }),
  };
}
