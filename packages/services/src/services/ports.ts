import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { RedoubtError } from "@redoubt/client";
import type { ServiceRecord } from "../state/record.ts";

/**
 * Where services get their ports: below those that systems hand out for connections that go out (32768 and above on Linux, 49152
 * elsewhere), so that a port is still free after a service was down for a while.
 */
const range = { from: 21_000, to: 31_999 };

/** Ports that a service has, whether it runs or not. */
export function portsOf({ ports, nodes }: ServiceRecord): number[] {
  return [
    ports.tls,
    ports.plain,
    ...nodes.flatMap(({ port, plainPort, busPort }) => [port, plainPort, busPort]),
  ];
}

/**
 * Finds ports that no service has, and on which nobody listens now.
 * @throws RedoubtError `SERVICE_FAILED` when there are none
 */
export async function choosePorts(count: number, taken: ReadonlySet<number>): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; tries < 2_000 && found.size < count; tries++) {
    const port = randomInt(range.from, range.to + 1);
    if (!taken.has(port) && !found.has(port) && (await isFree(port))) found.add(port);
  }
  if (found.size === count) return [...found];
  throw new RedoubtError(
    "SERVICE_FAILED",
    `No ${count} free ports were found from ${range.from} to ${range.to}`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once("error", () => resolve(false))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
