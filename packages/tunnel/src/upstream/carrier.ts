import type { Socket } from "node:net";
import type { Endpoint, Target } from "@redoubt/client/config";
import { type CarrierOptions, openCarrier as openEndpoint } from "@redoubt/client/net";
import { Intake } from "../bytes/intake.ts";
import { layOver } from "../bytes/reset.ts";

/** An open connection for bytes, of which nothing has been read. */
export interface Carrier {
  /** Half-open ends are allowed. */
  readonly socket: Socket;
  /** What it is read by; null: by its `data` events. */
  readonly intake: Intake | null;
}

/**
 * Opens a connection for bytes that are relayed: name ► TCP ► PROXY header ► TLS, verified as everywhere.
 * @throws RedoubtError of the families `DNS_`, `TCP_`, `TLS_`, `TIMEOUT_`, with the address
 */
export async function openCarrier(
  target: Target,
  endpoint: Endpoint,
  options: CarrierOptions,
): Promise<Carrier> {
  const intake = new Intake();
  const { socket, below } = await openEndpoint(target, endpoint, { ...options, onread: intake.onread });
  if (below === null) return { socket, intake };
  layOver(socket, below);
  return { socket, intake: null };
}

/** `10.0.0.4:6380`, or the path. */
export function carrierText({ host, port, path }: Endpoint): string {
  return path ?? (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);
}
