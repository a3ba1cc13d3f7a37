import type { WayOut } from "../../probes/way-out.ts";

/** Whether anybody was there. A host that refuses has been reached. */
export function isReached({ probe }: WayOut): boolean {
  return probe !== null && (probe.state === "open" || probe.state === "refused" || probe.state === "reset");
}

/** `crl3.digicert.com:80 (Azure public key infrastructure): no answer` */
export function flowLine({ host, port, purpose, probe }: WayOut): string {
  const what =
    probe === null ? "its name is not known" : probe.state === "silent" ? "no answer" : probe.state;
  return `${host}:${port} (${purpose}): ${what}`;
}
