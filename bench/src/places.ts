import type { Transport } from "./measurement.ts";
import { shapes } from "./shapes/table.ts";

/** A shape over a transport: one row. */
export interface Place {
  readonly transport: Transport;
  readonly shape: string;
}

/** What is measured on other Nodes. */
export const otherNodeShapes: readonly string[] = [
  "get64",
  "set64",
  "get512",
  "set512",
  "batch1000",
  "pipe1000",
  "hgetall50",
  "mget100",
  "lrange500",
  "get64k",
  "get64kbuf",
  "set64kbuf",
  "seq",
  "connect",
];

/**
 * All rows, transport by transport. What takes long and differs little is measured over the first transport only; over plain
 * TCP what has a goal there, and what is measured once.
 *
 * @param named whether the shapes were asked for by name: then all of them
 */
export function placesOf(
  transports: readonly Transport[],
  names: readonly string[],
  named: boolean,
): readonly Place[] {
  const belongs = (transport: Transport, name: string): boolean => {
    const shape = shapes[name];
    if (named || shape === undefined) return true;
    if (shape.once === true) return transport === transports[0];
    if (transport === "tls" || shape.slow === true) return true;
    return Object.keys(shape.goal.tcp).length > 0 && shape.unit === "ops/s";
  };
  return transports.flatMap((transport) =>
    names.filter((name) => belongs(transport, name)).map((shape) => ({ transport, shape })),
  );
}
