import { hostAndPort } from "../../probes/endpoint-name.ts";
import type { NodeReach } from "../../probes/node-reach.ts";

/** `10.0.1.5:15000: did not answer` */
export function nodeLine({ node: { host, port }, error, verifiedAs }: NodeReach): string {
  const where = hostAndPort(host, port);
  if (error !== null) return `${where}: ${error.code}`;
  return verifiedAs === null ? `${where}: reached` : `${where}: verified as ${verifiedAs}`;
}
