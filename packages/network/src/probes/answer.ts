import { lookup, Resolver } from "node:dns/promises";
import { within } from "./deadline.ts";

/** Why a DNS server gave no address. `no-address`: the name exists without one; `silent`: no answer in time. */
export type NoAnswer = "no-name" | "no-address" | "silent" | "refused" | "failed";

/** Who was asked. `system` is what programs use: hosts file, search domains, DNS, as the machine is set up. */
export type Asked = "system" | "nameserver" | "named" | "azure";

/** What one resolver says of one name. */
export interface Answer {
  readonly resolver: string;
  readonly asked: Asked;
  readonly name: string;
  readonly addresses: readonly string[];
  /** The names that the first one stands for, one after the other (CNAME). */
  readonly chain: readonly string[];
  /** `null` where there is an address. */
  readonly failure: NoAnswer | null;
  readonly ms: number;
}

const failures: Readonly<Record<string, NoAnswer>> = {
  ENOTFOUND: "no-name",
  EAI_NONAME: "no-name",
  ENODATA: "no-address",
  EAI_NODATA: "no-address",
  ETIMEOUT: "silent",
  ECONNREFUSED: "silent",
  EAI_AGAIN: "silent",
  EREFUSED: "refused",
};

/** CNAMEs that are followed at most. */
const longest = 8;

/** Asks the system, as a client does. It cannot be stopped; its late answer is not waited for. */
export async function askSystem(name: string, timeout: number): Promise<Answer> {
  const start = performance.now();
  const about = { resolver: "system", asked: "system", name, chain: [] } as const;
  const answer = lookup(name, { all: true, order: "verbatim" }).then(
    (found): Answer => ({
      ...about,
      addresses: found.map(({ address }) => address),
      failure: null,
      ms: performance.now() - start,
    }),
    (error: NodeJS.ErrnoException): Answer => ({
      ...about,
      addresses: [],
      failure: failures[error.code ?? ""] ?? "failed",
      ms: performance.now() - start,
    }),
  );
  return within(answer, timeout, () => ({ ...about, addresses: [], failure: "silent", ms: timeout }));
}

/**
 * Asks one DNS server for both kinds of addresses, and follows the names in between.
 * @param server `10.0.0.4`, `10.0.0.4:5353`, `[::1]:53`
 */
export async function askServer(
  server: string,
  asked: Asked,
  name: string,
  timeout: number,
): Promise<Answer> {
  const start = performance.now();
  const about = { resolver: server, asked, name };
  const resolver = new Resolver({ timeout: Math.max(100, timeout / 2), tries: 2 });
  try {
    resolver.setServers([/^[^[\]]*:[^[\]]*:/.test(server) ? `[${server}]` : server]);
  } catch {
    return { ...about, addresses: [], chain: [], failure: "failed", ms: 0 };
  }
  const work = Promise.all([
    resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => error),
    resolver.resolve6(name).catch((error: NodeJS.ErrnoException) => error),
    follow(resolver, name),
  ]).then(([four, six, chain]): Answer => {
    const addresses = [four, six].flatMap((found) => (Array.isArray(found) ? found : []));
    const error = Array.isArray(four) ? (Array.isArray(six) ? null : six) : four;
    const failure = addresses.length > 0 ? null : (failures[error?.code ?? ""] ?? "failed");
    return { ...about, addresses, chain, failure, ms: performance.now() - start };
  });
  return within(work, timeout + 200, () => {
    resolver.cancel();
    return { ...about, addresses: [], chain: [], failure: "silent", ms: timeout };
  });
}

async function follow(resolver: Resolver, name: string): Promise<string[]> {
  const chain: string[] = [];
  let at = name;
  while (chain.length < longest) {
    const next: string | undefined = await resolver.resolveCname(at).then(
      ([found]) => found,
      () => undefined,
    );
    if (next === undefined || chain.includes(next)) break;
    chain.push(next);
    at = next;
  }
  return chain;
}
