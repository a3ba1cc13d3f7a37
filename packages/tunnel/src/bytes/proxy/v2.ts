import { Buffer } from "node:buffer";
import { SocketAddress } from "node:net";
import { type ProxyEnd, type ProxyHeader, type ProxyReading, unknownEnds } from "./header.ts";
import { familyOf } from "./v1.ts";

/** How a header of version 2 begins. */
export const v2Signature = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);

const fixed = v2Signature.length + 4;

/** The longest that is read, bytes. Certificates are no part of it; addresses, names and identifiers take some hundreds. */
const longest = 4096;

/** TLV that names the host that the client asked for. */
const typeAuthority = 0x02;

const command = { local: 0x20, proxy: 0x21 } as const;
const family = { tcp4: 0x11, tcp6: 0x21 } as const;

/** Bytes of the address block, by the upper half of the family byte. Source: proxy-protocol.txt §2.2. */
const blockLengths: Readonly<Record<number, number>> = { 0: 0, 1: 12, 2: 36, 3: 216 };

/** Reads a header of version 2: binary. The signature must have been seen. */
export function readV2(bytes: Buffer): ProxyReading {
  if (bytes.length < fixed) return { state: "more" };
  const kind = bytes[12] as number;
  const over = bytes[13] as number;
  const length = bytes.readUInt16BE(14);
  if (kind !== command.local && kind !== command.proxy)
    return {
      state: "malformed",
      why: `a PROXY header of unknown version and command 0x${kind.toString(16)}`,
    };
  if (fixed + length > longest)
    return { state: "malformed", why: `a PROXY header of ${length} bytes, which is too long` };
  if (bytes.length < fixed + length) return { state: "more" };
  const end = fixed + length;
  if (kind === command.local) return { state: "read", header: unknownEnds, bytes: end };
  const block = blockLengths[over >> 4];
  if (block === undefined || length < block || (over & 0x0f) > 2)
    return { state: "malformed", why: "a PROXY header whose addresses cannot be read" };
  const authority = authorityIn(bytes.subarray(fixed + block, end));
  if (authority === undefined)
    return { state: "malformed", why: "a PROXY header whose additions cannot be read" };
  return { state: "read", header: { ...endsOf(bytes, over), authority }, bytes: end };
}

function endsOf(bytes: Buffer, over: number): Pick<ProxyHeader, "source" | "destination"> {
  if (over !== family.tcp4 && over !== family.tcp6) return { source: null, destination: null };
  const size = over === family.tcp4 ? 4 : 16;
  const address = (at: number): string => text(bytes.subarray(at, at + size));
  return {
    source: { address: address(fixed), port: bytes.readUInt16BE(fixed + 2 * size) },
    destination: { address: address(fixed + size), port: bytes.readUInt16BE(fixed + 2 * size + 2) },
  };
}

function text(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  return new SocketAddress({ address: groups.join(":"), family: "ipv6" }).address;
}

/** Walks the additions (type, length, value). Undefined when they do not fill the header exactly. */
function authorityIn(additions: Buffer): string | null | undefined {
  let authority: string | null = null;
  let at = 0;
  while (at < additions.length) {
    if (at + 3 > additions.length) return undefined;
    const next = at + 3 + additions.readUInt16BE(at + 1);
    if (next > additions.length) return undefined;
    if (additions[at] === typeAuthority) authority = additions.toString("utf8", at + 3, next);
    at = next;
  }
  return authority;
}

/**
 * Writes a header of version 2. Ends of which one is unknown, or of different families, make it `LOCAL`.
 * @param authority the name that the client asked for (SNI), passed on when given
 */
export function writeV2(
  source: ProxyEnd | null,
  destination: ProxyEnd | null,
  authority: string | null = null,
): Buffer {
  const shared = familyOf(source, destination);
  const known = shared !== null && source !== null && destination !== null;
  const addresses = known
    ? Buffer.concat([packed(source.address), packed(destination.address), ports(source, destination)])
    : null;
  const name =
    authority === null || addresses === null ? Buffer.alloc(0) : addition(typeAuthority, authority);
  const head = Buffer.alloc(4);
  head[0] = addresses === null ? command.local : command.proxy;
  head[1] = shared === null ? 0 : shared === 4 ? family.tcp4 : family.tcp6;
  head.writeUInt16BE((addresses?.length ?? 0) + name.length, 2);
  return Buffer.concat([v2Signature, head, ...(addresses === null ? [] : [addresses]), name]);
}

function ports(source: ProxyEnd, destination: ProxyEnd): Buffer {
  const both = Buffer.alloc(4);
  both.writeUInt16BE(source.port, 0);
  both.writeUInt16BE(destination.port, 2);
  return both;
}

function addition(type: number, value: string): Buffer {
  const bytes = Buffer.from(value);
  const head = Buffer.from([type, 0, 0]);
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** The bytes of an IP address. */
function packed(address: string): Buffer {
  if (!address.includes(":")) return Buffer.from(address.split(".").map(Number));
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const plain =
    dotted === null ? address : `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`;
  const [front = "", back] = plain.split("::");
  const left = front === "" ? [] : front.split(":");
  const right = back === undefined || back === "" ? [] : back.split(":");
  const gap = Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  const bytes = Buffer.alloc(16);
  [...left, ...gap, ...right].forEach((group, i) => bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * i));
  return bytes;
}

function hex(high = "0", low = "0"): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}
