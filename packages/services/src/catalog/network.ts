import { isIP } from "node:net";

/** Characters of the longest network: an IPv6 address in full, with its prefix. */
const longestNetwork = 43;
const longestDescription = 1024;

/** What is wrong with an item of `ip_filter`; `null` for nothing. */
export function networkProblem(item: unknown): string | null {
  if (typeof item === "string") return cidrProblem(item);
  if (typeof item !== "object" || item === null || Array.isArray(item))
    return "it is neither a network nor an object";
  const { network, description, ...others } = item as Record<string, unknown>;
  if (Object.keys(others).length > 0) return "only network and description may be in it";
  if (typeof network !== "string") return "it has no network";
  if (description !== undefined && description !== null) {
    if (typeof description !== "string") return "its description is no text";
    if (description.length > longestDescription)
      return `its description is longer than ${longestDescription}`;
  }
  return cidrProblem(network);
}

/** The networks of an `ip_filter` alone, each with its prefix length. */
export function networksOf(filter: readonly unknown[]): readonly string[] {
  return filter.map((item) => {
    const text = typeof item === "string" ? item : String((item as { network: unknown }).network);
    return text.includes("/") ? text : `${text}/${isIP(text) === 6 ? 128 : 32}`;
  });
}

function cidrProblem(text: string): string | null {
  if (text.length > longestNetwork) return `it is longer than ${longestNetwork} characters`;
  const [address = "", length, ...more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0 || address.includes("%")) return "it is no network in CIDR form";
  const bits = family === 4 ? 32 : 128;
  if (length === undefined) return null;
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits)
    return `its prefix length is not within 0 to ${bits}`;
  const value = toBits(address, family);
  const network = (value >> BigInt(bits - Number(length))) << BigInt(bits - Number(length));
  return value === network ? null : `its address has bits beyond /${length}`;
}

function toBits(address: string, family: number): bigint {
  if (family === 4) return address.split(".").reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const dotted = /:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  const text =
    dotted === undefined
      ? address
      : address.slice(0, -dotted.length) +
        [toBits(dotted, 4) >> 16n, toBits(dotted, 4) & 0xffffn].map((part) => part.toString(16)).join(":");
  const [head = "", tail] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const filled = [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return filled.reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}
