/** A private endpoint. */
export interface PrivateEndpoint {
  readonly id: string;
  readonly name: string;
  readonly subnetId: string | null;
  /** The resource that it leads to. */
  readonly targetId: string | null;
  /** `redisCache` or `redisEnterprise`. */
  readonly groupIds: readonly string[];
  /** `Approved`, `Pending`, `Rejected`, `Disconnected`; `null` where it is not known. */
  readonly status: string | null;
  readonly addresses: readonly string[];
  /** Zones that its zone groups write to; `null` where no zone group was exported. */
  readonly zoneIds: readonly string[] | null;
}

/** A virtual network that a private DNS zone answers to. */
export interface ZoneLink {
  readonly vnetId: string;
  /** `Completed` or `InProgress`; `null` where it is not known. */
  readonly state: string | null;
}

/** An address record: the name without the zone. */
export interface ZoneRecord {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** A private DNS zone. Links and records are exported apart: `null` where they were not. */
export interface DnsZone {
  readonly id: string;
  readonly name: string;
  readonly links: readonly ZoneLink[] | null;
  readonly records: readonly ZoneRecord[] | null;
}
