import { type CheckRow, rowOf } from "../row.ts";

const row = rowOf("tcp");

/** Checks of the area `tcp`. */
export const tcpRows = {
  "tcp-plain-port-off": row(
    "error",
    0.97,
    "The port without TLS is closed, the one with TLS is open",
    "Dial the port with TLS.",
  ),
  "tcp-wrong-port": row(
    "error",
    0.95,
    "Nothing listens on the port, but on another one",
    "Dial the other port.",
  ),
  "tcp-server-down": row(
    "error",
    0.8,
    "The host refuses connections on every port",
    "Start the server; on Azure look at the state of the cache and reboot all nodes.",
  ),
  "tcp-port-blocked": row(
    "error",
    0.88,
    "Something on the way drops this port",
    "Allow the port in the network security group or firewall.",
  ),
  "tcp-network-apart": row(
    "error",
    0.82,
    "No way leads from this network to that one",
    "Connect the networks by a peering in one region, a gateway, or a private endpoint here.",
  ),
  "tcp-no-route": row(
    "error",
    0.9,
    "This machine has no route there",
    "Add the route, the peering or the VPN.",
  ),
  "tcp-reset": row(
    "error",
    0.7,
    "Connections are reset at once",
    "Look for a firewall or proxy in between, and at access rules of the server.",
  ),
  "tcp-public-access-off": row(
    "error",
    0.75,
    "The public address does not let this machine in",
    "Dial from inside the network, or allow this address.",
  ),
  "tcp-address-dead": row(
    "warning",
    0.5,
    "One of several addresses does not answer",
    "Remove the record, or mend the server behind it.",
  ),
  "tcp-socket-file": row(
    "error",
    0.95,
    "The Unix socket is not there",
    "Start the server, or correct the path.",
  ),
} as const satisfies Record<string, CheckRow>;
