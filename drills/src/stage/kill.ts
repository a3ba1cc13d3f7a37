import type { RedisServer } from "@redoubt/server";

/** `kill -9`: it says goodbye to nobody. */
export function kill({ pid, address }: RedisServer): void {
  if (pid === undefined) throw new Error(`the server at ${address} does not run`);
  process.kill(pid, "SIGKILL");
}
