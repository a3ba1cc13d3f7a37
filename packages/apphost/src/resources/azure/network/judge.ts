import { known } from "../setting.ts";
import type { Finding } from "../violation.ts";
import { overlap, readPrefix } from "./prefix.ts";
import type { AzureVirtualNetwork, VirtualNetworkSettings } from "./virtual-network.ts";

/** What Azure would refuse of a network: prefixes that are none, subnets outside of it, on top of each other or too small. */
export function* judgeNetwork(
  { subnets, existing }: AzureVirtualNetwork,
  settings: VirtualNetworkSettings,
): Generator<Finding> {
  const spaces = settings.addressPrefixes.map((prefix) => known(prefix));
  for (const [index, space] of spaces.entries())
    if (space !== undefined && readPrefix(space) === null)
      yield {
        key: `network.addressPrefixes[${index}]`,
        message: `"${space}" is no IPv4 prefix.`,
        fix: "Write it in CIDR notation, for example 10.0.0.0/16.",
      };
  const all = spaces.map((space) => (space === undefined ? null : readPrefix(space)));
  const sure = existing === undefined && all.every((space) => space !== null);
  for (const [index, { name, prefix }] of subnets.entries()) {
    if (typeof prefix !== "string") continue;
    const key = `subnets.${name}`;
    const range = readPrefix(prefix);
    if (range === null) {
      yield {
        key,
        message: `"${prefix}" is no IPv4 prefix.`,
        fix: "Write it in CIDR notation, for example 10.0.1.0/24.",
      };
      continue;
    }
    if (range.length > 29)
      yield {
        key,
        message: `A /${range.length} is too small: Azure keeps five addresses.`,
        fix: "Use a /29 or larger.",
      };
    if (
      sure &&
      !all.some((space) => space !== null && space.first <= range.first && range.last <= space.last)
    )
      yield {
        key,
        message: `${prefix} is not inside of the network's ${spaces.join(", ")}.`,
        fix: "Choose a range inside, or another one for the network.",
      };
    for (const other of subnets.slice(0, index))
      if (typeof other.prefix === "string" && overlap(other.prefix, prefix))
        yield {
          key,
          message: `${prefix} overlaps ${other.prefix} of "${other.name}".`,
          fix: "Choose another range.",
        };
  }
}
