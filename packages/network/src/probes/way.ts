import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import { within } from "./deadline.ts";

/** Which way packets to an address leave this machine. */
export interface Way {
  readonly ip: string;
  /** The address that they come from; `null` where there is no route. */
  readonly source: string | null;
  /** `eth0`; `null` where it is not known. */
  readonly device: string | null;
  /** The next router; `null` where the address is a neighbour, or it is not known. */
  readonly gateway: string | null;
}

/** Asks the system for its route. Nothing is sent. */
export async function wayTo(ip: string): Promise<Way> {
  const source = await sourceFor(ip);
  const device =
    source === null
      ? null
      : (Object.entries(networkInterfaces()).find(([, all]) =>
          all?.some(({ address }) => address === source),
        )?.[0] ?? null);
  return { ip, source, device, gateway: isIPv6(ip) || device === "lo" ? null : gatewayFor(ip) };
}

/** Connecting a datagram socket chooses the route and sends no packet. */
function sourceFor(ip: string): Promise<string | null> {
  const socket = createSocket(isIPv6(ip) ? "udp6" : "udp4");
  const found = new Promise<string | null>((resolve) => {
    socket.once("error", () => resolve(null));
    socket.once("connect", () => resolve(socket.address().address));
    socket.connect(53, ip);
  });
  return within(found, 500, () => null).finally(() => socket.close());
}

/** The longest prefix of Linux's main table that the address is in; elsewhere nothing is known. */
function gatewayFor(ip: string): string | null {
  const value = numberOf(ip);
  const rows = routeRows()
    .filter(({ destination, mask }) => (value & mask) >>> 0 === destination)
    .toSorted((a, b) => b.mask - a.mask);
  const gateway = rows[0]?.gateway ?? 0;
  return gateway === 0 ? null : [24, 16, 8, 0].map((shift) => (gateway >>> shift) & 255).join(".");
}

function routeRows(): { destination: number; gateway: number; mask: number }[] {
  try {
    const [, ...lines] = readFileSync("/proc/net/route", "utf8").trim().split("\n");
    return lines.map((line) => {
      const cells = line.split("\t");
      return { destination: hex(cells[1]), gateway: hex(cells[2]), mask: hex(cells[7]) };
    });
  } catch {
    return [];
  }
}

/** The kernel prints addresses as it keeps them: the last byte first, on the machines that there are. */
function hex(text = "0"): number {
  const bytes = text.padStart(8, "0").match(/../g) ?? [];
  return bytes.toReversed().reduce((value, byte) => value * 256 + Number.parseInt(byte, 16), 0);
}

function numberOf(ip: string): number {
  return ip.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}
