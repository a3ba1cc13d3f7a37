import type { ServiceNode, ServiceState } from "../contract/service.ts";

/** How the keeper saw its service last, as it is kept in `status.json`. Only the keeper writes it. */
export interface ServiceStatus {
  readonly format: 1;
  readonly state: ServiceState;
  /** The revision that the servers are like. */
  readonly revision: number;
  readonly version: string | null;
  /** Name of the node that takes writes. */
  readonly primary: string | null;
  readonly nodes: readonly ServiceNode[];
  /** Why it does not run; null when it does. */
  readonly trouble: string | null;
  readonly keeper: { readonly pid: number; readonly since: string } | null;
}
