import { isIP } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { RedoubtError } from "@redoubt/client";
import type { Endpoint, Target } from "@redoubt/client/config";
import { type Address, resolveEndpoint } from "@redoubt/client/net";
import type { TlsOptions } from "@redoubt/client/tls";
import { attemptTcp, attemptTls, type TcpAttempt } from "./attempt.ts";

/** How {@link tcping} connects. */
export interface TcpingOptions {
  /** How often each address is tried. Default: until the signal ends it. */
  readonly count?: number;
  /** From the beginning of one attempt to that of the next, ms. Default 1000. */
  readonly interval?: number;
  /** How long one attempt may take, ms. Default 2000. */
  readonly timeout?: number;
  /** Only addresses of this family. Default: both. */
  readonly family?: 4 | 6;
  /** Whether all addresses are tried each time; else they take turns. Default false. */
  readonly allAddresses?: boolean;
  /** Whether the TLS handshake is made, too, as the target says. Default false. */
  readonly handshake?: boolean;
  /** TLS settings besides those of the target. */
  readonly tls?: TlsOptions;
  readonly signal?: AbortSignal;
}

/** One attempt, and where it went. */
export interface TcpingAttempt extends TcpAttempt {
  /** From 1. With all addresses, those that were tried together have the same. */
  readonly sequence: number;
  /** As the target has it. */
  readonly host: string;
  readonly address: Address;
}

/**
 * Connects by TCP again and again, and says how each attempt went. Names are resolved once, at the beginning.
 *
 * @throws RedoubtError of the family `DNS_` when a name cannot be resolved; `CONFIG_UNSUPPORTED` for a Unix socket
 * @example for await (const { outcome, ms } of tcping(parse("rediss://cache.example.com"), { count: 4 })) console.log(outcome, ms);
 */
export async function* tcping(
  target: Target,
  options: TcpingOptions = {},
): AsyncGenerator<TcpingAttempt, void, undefined> {
  const {
    count = Number.POSITIVE_INFINITY,
    interval = 1000,
    timeout = 2000,
    signal = new AbortController().signal,
  } = options;
  const places = await resolvePlaces(target, options.family);
  const attempt = async ({ endpoint, address }: Place, sequence: number): Promise<TcpingAttempt> => {
    const { host } = endpoint;
    const made = options.handshake
      ? await attemptTls(target, endpoint, address, {
          timeout,
          signal,
          ...(options.tls && { tls: options.tls }),
        })
      : await attemptTcp(address, timeout, signal);
    return { sequence, host, address, ...made };
  };
  for (let sequence = 1; sequence <= count && !signal.aborted; sequence++) {
    const next = delay(interval, undefined, { signal }).catch(() => {});
    const turn = options.allAddresses ? places : [places[(sequence - 1) % places.length] as Place];
    for (const made of await Promise.all(turn.map((place) => attempt(place, sequence))))
      if (made.code !== "CLOSED_ABORTED") yield made;
    if (sequence < count) await next;
  }
}

interface Place {
  readonly endpoint: Endpoint;
  readonly address: Address;
}

/** Every address of every endpoint, in the order in which a client would try them. */
async function resolvePlaces({ endpoints }: Target, family: 4 | 6 | undefined): Promise<Place[]> {
  const places: Place[] = [];
  for (const endpoint of endpoints) {
    if (endpoint.path !== undefined)
      throw new RedoubtError("CONFIG_UNSUPPORTED", "A Unix socket has no TCP address to connect to.", {
        hint: "Name a host and a port.",
      });
    for (const address of await resolveEndpoint(endpoint))
      if (family === undefined || isIP(address.ip) === family) places.push({ endpoint, address });
  }
  if (places.length > 0) return places;
  const hosts = [...new Set(endpoints.map(({ host }) => host))].join(", ");
  throw new RedoubtError("DNS_NOT_FOUND", `${hosts} has no IPv${family ?? ""} address.`, {
    hint: "Leave out -4 or -6, or add the record.",
  });
}
