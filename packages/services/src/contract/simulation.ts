/** What managed services do to their clients, done on purpose. */
export type SimulationKind =
  | "token-issuer"
  | "idle-cut"
  | "maintenance-notice"
  | "ip-only-cluster"
  | "failover"
  | "certificate-rotation";

/** Options of a simulation by name; which there are depends on the kind. */
export type SimulationOptions = Readonly<Record<string, string | number | boolean>>;

/** A simulation that is switched on. */
export interface SimulationState {
  readonly kind: SimulationKind;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly options: SimulationOptions;
  /** What others need to use it, for example the address of the token endpoint. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}
