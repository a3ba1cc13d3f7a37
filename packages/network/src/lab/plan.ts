import type { Network } from "../model/network.ts";

/** A machine of a laboratory on which commands are run: in a subnet, or on-premises. */
export interface LabHost {
  /** Up to 20 lower-case letters, digits and hyphens. */
  readonly name: string;
  /** IPv4. */
  readonly address: string;
  /** `null`: on-premises. */
  readonly subnetId: string | null;
  /** `client` runs what the user says; `dns` answers names besides. */
  readonly role: "client" | "dns";
}

/**
 * What a DNS server of the user's own does with names: `forwards` asks Azure's DNS of its network (on-premises: a server in the
 * network); `public` answers as the internet does; `unaware` knows none of the names of caches.
 */
export type DnsManner = "forwards" | "public" | "unaware";

/** How clients dial: as they should, by address, without TLS on the port for it, or with TLS on the port without. */
export type Dialling = "right" | "by-address" | "plain-text";

/** Networks beyond the gateway. */
export interface OnPremises {
  /** Prefixes that machines there have. */
  readonly prefixes: readonly string[];
  /** Whether what is tunnelled there gets to the internet. */
  readonly forwards: boolean;
}

/** Everything that a laboratory is built from. It is data: breaking something makes another plan. */
export interface LabPlan {
  /** As the judge reads it. */
  readonly network: Network;
  readonly hosts: readonly LabHost[];
  /** `null`: there is no gateway. */
  readonly onPremises: OnPremises | null;
  /** By names of hosts of role `dns`. */
  readonly dns: Readonly<Record<string, DnsManner>>;
  /** Names of caches that do not run. */
  readonly stopped: readonly string[];
  readonly dialling: Dialling;
}

/** The domain of names that only laboratories have (RFC 2606). */
export const labDomain = "lab.example";

/** Where certificates of a laboratory say that revoked ones are listed. */
export const revocationUrl = `http://crl.${labDomain}/lab.crl`;

/** Addresses of the laboratory's internet (RFC 5737): its DNS server, the list of revoked certificates, other hosts. */
export const internetAddresses = {
  dns: "203.0.113.53",
  revocation: "203.0.113.80",
  web: "203.0.113.81",
} as const;
