import type { RedisServer } from "../server/server.ts";

/** Starts servers side by side. If one does not start, the others are stopped and its error is thrown. */
export async function startAll(starts: readonly Promise<RedisServer>[]): Promise<RedisServer[]> {
  const outcomes = await Promise.allSettled(starts);
  const running = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure === undefined) return running;
  await stopAll(running);
  throw failure.reason;
}

/** Stops servers side by side. All are stopped, even if one gives trouble; that is thrown then. */
export async function stopAll(servers: readonly RedisServer[]): Promise<void> {
  const outcomes = await Promise.allSettled(servers.map((server) => server.stop()));
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

/** Runs what makes a topology of servers that are started; if it fails, they are stopped. */
export async function orStop<T>(servers: readonly RedisServer[], build: () => Promise<T>): Promise<T> {
  try {
    return await build();
  } catch (error) {
    await stopAll(servers);
    throw error;
  }
}
