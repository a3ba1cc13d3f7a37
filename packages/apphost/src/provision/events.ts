/** How far a unit is. The words are those that people of the original know. */
export type ProvisionState =
  | "Waiting"
  | "Creating ARM Deployment"
  | "Waiting for Deployment"
  | "Provisioned"
  | "Running"
  | "Missing in Azure"
  | "Failed to Provision"
  | "Failed to Provision Roles"
  | "Azure deployment canceled"
  | "Skipped"
  | "Left going";

/** What happened to one unit. */
export interface UnitEvent {
  readonly kind: "unit";
  readonly unit: string;
  readonly type: string;
  readonly state: ProvisionState;
  /** One line for people; never a secret. */
  readonly message?: string;
  /** Since the unit began, ms. */
  readonly elapsed: number;
  /** Page of the deployment in the portal. */
  readonly portal?: string;
  /** What Azure is at, resource by resource. */
  readonly operations?: readonly OperationState[];
  readonly error?: Error;
}

/** What Azure says about one resource of a deployment that is under way. */
export interface OperationState {
  /** `Microsoft.Cache/redisEnterprise` */
  readonly type: string;
  readonly name: string;
  /** `Running`, `Succeeded` */
  readonly state: string;
}

/** What concerns no single unit: a group that is made, a request that is repeated, a state that is taken up. */
export interface NoteEvent {
  readonly kind: "note";
  readonly severity: "info" | "warning";
  readonly message: string;
}

/** What provisioning tells while it is at work. */
export type ProvisionEvent = UnitEvent | NoteEvent;

/** How a unit ended. */
export type UnitEnd =
  /** It was deployed now. */
  | "deployed"
  /** Nothing had changed since it was deployed. */
  | "unchanged"
  /** A deployment that an earlier run had begun was waited for. */
  | "adopted"
  | "failed"
  | "canceled"
  /** Something that it needs failed. */
  | "skipped"
  /** Still under way in Azure; the next run takes it up. */
  | "left";

/** What became of a unit. */
export interface UnitResult {
  readonly name: string;
  readonly type: string;
  readonly end: UnitEnd;
  readonly state: ProvisionState;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Id of the deployment. */
  readonly deployment: string | null;
  readonly portal: string | null;
  /** ms */
  readonly elapsed: number;
  readonly error: Error | null;
}

/** What became of all. */
export interface ProvisionResult {
  /** Whether every unit is deployed. */
  readonly ok: boolean;
  /** Whether somebody interrupted; what was under way goes on in Azure. */
  readonly interrupted: boolean;
  /** In the order in which they were given. */
  readonly units: readonly UnitResult[];
}
