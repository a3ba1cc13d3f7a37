import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Logger } from "./log.ts";
import type { Service } from "./service.ts";
import type { Endpoint } from "./values/address.ts";

/** An address that can be dialled: names are looked up. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * The addresses of a section's `connect` (or `redirect`): looked up once, or with `delay` for each connection, and in which
 * order they are tried.
 */
export class Targets {
  readonly #endpoints: readonly Endpoint[];
  readonly #inTurn: boolean;
  #known: readonly Address[] | null;
  #turn = 0;

  private constructor(endpoints: readonly Endpoint[], inTurn: boolean, known: readonly Address[] | null) {
    this.#endpoints = endpoints;
    this.#inTurn = inTurn;
    this.#known = known;
  }

  /** Looks names up, unless the section delays that. A name that is unknown now is looked up later, for each connection. */
  static async find(endpoints: readonly Endpoint[], service: Service, log: Logger): Promise<Targets> {
    if (service.delay) return new Targets(endpoints, false, null);
    const known = await lookUp(endpoints, log);
    // As in stunnel: whoever cannot resolve at the start delays, and delaying inflicts failover = prio.
    if (known === null) return new Targets(endpoints, false, null);
    return new Targets(endpoints, service.failover === "rr", known);
  }

  /** In the order in which they are to be tried; empty where no name is known. */
  async addresses(log: Logger): Promise<readonly Address[]> {
    const known = this.#known ?? (await lookUpSome(this.#endpoints, log));
    if (!this.#inTurn || known.length < 2) return known;
    const first = this.#turn++ % known.length;
    return [...known.slice(first), ...known.slice(0, first)];
  }
}

/** All or nothing. */
async function lookUp(endpoints: readonly Endpoint[], log: Logger): Promise<Address[] | null> {
  const found = await Promise.all(endpoints.map((endpoint) => addressesOf(endpoint, log)));
  return found.some((addresses) => addresses === null) ? null : found.flatMap((addresses) => addresses ?? []);
}

async function lookUpSome(endpoints: readonly Endpoint[], log: Logger): Promise<Address[]> {
  const found = await Promise.all(endpoints.map((endpoint) => addressesOf(endpoint, log)));
  return found.flatMap((addresses) => addresses ?? []);
}

async function addressesOf(endpoint: Endpoint, log: Logger): Promise<Address[] | null> {
  if ("path" in endpoint || isIP(endpoint.host) !== 0) return [endpoint];
  try {
    const found = await lookup(endpoint.host, { all: true });
    return found.map(({ address }) => ({ host: address, port: endpoint.port }));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    log(3, `Error resolving "${endpoint.host}": ${said[code] ?? code}`);
    return null;
  }
}

const said: Readonly<Record<string, string>> = {
  ENOTFOUND: "Neither nodename nor servname known (EAI_NONAME)",
  EAI_AGAIN: "Temporary failure in name resolution (EAI_AGAIN)",
};

/** `127.0.0.1:6379`, `::1:6379`, or the path, as stunnel logs it. */
export function addressText(address: Address): string {
  return "path" in address ? address.path : `${address.host}:${address.port}`;
}
