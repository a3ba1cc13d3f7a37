import type { ArmClient, ArmClientOptions } from "./arm-client.ts";
import type { Cloud } from "./cloud.ts";
import type { Deployments } from "./deployments.ts";
import type { ProvisionEvent } from "./events.ts";
import type { Principal } from "./principal.ts";
import type { Redaction } from "./redaction.ts";
import type { Timing } from "./timing.ts";

/** What is the same for all that is done in one run: how Azure is reached, and who asks. */
export interface Connection {
  readonly cloud: Cloud;
  readonly client: ArmClient;
  readonly deployments: Deployments;
  readonly redaction: Redaction;
  readonly timing: Timing;
  /** For clients of other services. */
  readonly parts: Omit<ArmClientOptions, "endpoint" | "scope">;
  readonly tell: (event: ProvisionEvent) => void;
}

/** Where things go. */
export interface Destination {
  readonly subscription: string;
  readonly location: string;
  readonly group: string;
  /** Whether the group is there; a dry run does not make it. */
  readonly groupIsThere: boolean;
  readonly principal: Principal;
}
