import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** How often a name is looked up, ms. */
export const addressInterval = 30_000;

/** Gives the addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** As the operating system resolves names. */
export const resolveHost: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Looks a name up now and then, and tells what it means by now: after a failover it may lead elsewhere while connections to the
 * old place still work. What cannot be resolved is not told.
 * @param host an address is not watched: it stays what it is
 * @param interval ms
 * @returns ends it
 */
export function watchAddresses(
  host: string,
  told: (addresses: ReadonlySet<string>) => void,
  resolve: Resolve = resolveHost,
  interval: number = addressInterval,
): () => void {
  if (host === "" || isIP(host) !== 0) return () => {};
  let isAsking = false;
  const look = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    try {
      const addresses = await resolve(host);
      if (addresses.length > 0) told(new Set(addresses));
    } catch {
      // No answer is no reason to leave a server that works.
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(() => void look(), interval);
  timer.unref();
  return () => clearInterval(timer);
}
