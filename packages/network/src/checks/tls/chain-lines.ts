import type { EndpointEvidence } from "../../probes/evidence.ts";
import { said } from "../failures.ts";

/** What failed, and the chain that was shown, a line for each certificate. */
export function chainLines(endpoints: readonly EndpointEvidence[]): string[] {
  return [
    ...said(endpoints),
    ...endpoints.flatMap(
      ({ tls }) =>
        tls?.handshake.chain.map(
          ({ subject, issuer, names, validFrom, validTo }, at) =>
            `${subject}${at > 0 || names.length === 0 ? "" : ` (for ${names.join(", ")})`}, issued by ${issuer}, valid from ${day(validFrom)} to ${day(validTo)}`,
        ) ?? [],
    ),
  ];
}

/** `2027-03-31` */
export function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? "an unreadable date" : date.toISOString().slice(0, 10);
}
