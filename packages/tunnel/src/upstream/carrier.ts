import type { Socket } from "node:net";
import type { Endpoint, Target } from "@redoubt/client/config";
import { type CarrierOptions, openCarrier as openEndpoint } from "@redoubt/client/net";
import { layOver } from "../bytes/reset.ts";

/**
 * Opens a connection for bytes that are relayed: name ► TCP ► PROXY header ► TLS, verified as everywhere. Nobody has read
 * it; half-open ends are allowed.
 * @throws RedoubtError of the families `DNS_`, `TCP_`, `TLS_`, `TIMEOUT_`, with the address
 */
export async function openCarrier(
  target: Target,
  endpoint: Endpoint,
  options: CarrierOptions,
): Promise<Socket> {
  const { socket, below } = await openEndpoint(target, endpoint, options);
  if (below !== null) layOver(socket, below);
  return socket;
}

/** `10.0.0.4:6380`, or the path. */
export function carrierText({ host, port, path }: Endpoint): string {
  return path ?? (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);
}
