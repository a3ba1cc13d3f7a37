import { type CheckRow, rowOf } from "../row.ts";

const row = rowOf("dns");

/** Checks of the area `dns`. */
export const dnsRows = {
  "dns-name-unknown": row(
    "error",
    0.9,
    "No DNS server knows the name",
    "Check the spelling; inside a virtual network, link the private DNS zone.",
  ),
  "dns-server-unaware": row(
    "error",
    0.92,
    "The DNS server in use does not know a name that others know",
    "Let it forward the zone to a server that knows it.",
  ),
  "dns-silent": row(
    "error",
    0.9,
    "No DNS server answers",
    "Let UDP and TCP 53 through to the DNS servers, or name others.",
  ),
  "dns-server-silent": row(
    "warning",
    0.3,
    "One of the DNS servers does not answer",
    "Remove it, or let port 53 through to it.",
  ),
  "dns-public-answer": row(
    "error",
    0.93,
    "The name of a private endpoint leads to a public address",
    "Link the private DNS zone to this network, and forward to it.",
  ),
  "dns-zone-other-product": row(
    "error",
    0.96,
    "The private record is in the zone of another product",
    "Put the record into the zone of this product.",
  ),
  "dns-privatelink-dialled": row(
    "error",
    0.95,
    "The name in privatelink… was dialled",
    "Dial the public name: inside the network it leads to the private address.",
  ),
  "dns-answers-differ": row(
    "warning",
    0.4,
    "DNS servers give different addresses",
    "Make them agree, or ask only the right one.",
  ),
  "dns-hosts-file": row(
    "warning",
    0.5,
    "The address does not come from DNS",
    "Remove the entry from the hosts file.",
  ),
  "dns-search-domain": row(
    "warning",
    0.3,
    "The name is completed by a search domain",
    "Write the full name.",
  ),
} as const satisfies Record<string, CheckRow>;
