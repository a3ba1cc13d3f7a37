/** What Redoubt knows about a vendor: a matching profile, chosen by the host names of a target. */
export interface Provider {
  readonly name: string;
  /** The name that people know. */
  readonly title: string;
  /** Ends of host names, lower case, each beginning with a dot. */
  readonly suffixes: readonly string[];
  /** Port of the TLS listener where the vendor has a fixed one, else `null`: the string must carry it. */
  readonly tlsPort: number | null;
  /** Port without TLS, `null` where there is none or none that is fixed. */
  readonly plainPort: number | null;
  /** Whether a string without a word about TLS gets TLS; `port` is `null` where it names none. */
  tlsByDefault(port: number | null): boolean;
  /** Whether nothing but TLS is spoken on a port, whatever the customer has set: plain text there cannot be meant. */
  speaksOnlyTls(port: number): boolean;
  /** The vendor closes connections that were silent for so long, ms; `null`: no known limit. */
  readonly idleLimitMs: number | null;
  /** What someone who connects there should know; dates included. */
  readonly notes: readonly string[];
}
