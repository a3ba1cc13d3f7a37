import { Session } from "node:inspector/promises";
import type { Profile } from "../measurement.ts";
import { type Kind, nodeKinds, ownTimes } from "./own-times.ts";

/** How often it is looked where the program is, µs. */
const interval = 200;

const kinds: readonly Kind[] = [
  ...nodeKinds,
  ["the caller", (_name, url) => url.includes("/bench/dist/")],
  ["the client", () => true],
];

/** What a profile tells shares of, in the order in which it is told. */
export const kindsOfWork: readonly string[] = kinds.map(([kind]) => kind);

/**
 * Begins to look where this process spends its time.
 *
 * @returns ends it, and tells
 */
export async function startProfile(): Promise<() => Promise<Profile>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval });
  await session.post("Profiler.start");
  return async () => {
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    return ownTimes([profile], kinds);
  };
}
