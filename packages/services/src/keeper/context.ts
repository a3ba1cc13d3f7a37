import type { ServiceContext } from "../contract/node-handle.ts";
import { certificateFiles } from "../identity/certificates.ts";
import { policyRules } from "../users/forbidden.ts";
import type { Fleet } from "./fleet.ts";
import type { Ground } from "./ground.ts";

/** What the context of modules is made of; what changes is asked for anew each time. */
export interface ContextGround
  extends Pick<
    ServiceContext,
    "name" | "program" | "signal" | "say" | "alone" | "failOver" | "rotateCertificate"
  > {
  readonly ground: () => Ground;
  readonly fleet: () => Fleet;
}

/** What the keeper lends its modules. */
export function contextOf({ ground, fleet, ...rest }: ContextGround): ServiceContext {
  return {
    ...rest,
    folder: ground().places.folder,
    created: Date.parse(ground().record.created),
    topology: ground().topology,
    caFile: ground().places.project.caFile,
    operator: ground().record.operator,
    get nodes() {
      return fleet().nodes;
    },
    get sentinels() {
      return fleet().sentinels;
    },
    get primary() {
      return fleet().primary;
    },
    get settings() {
      return ground().settings;
    },
    get backupDays() {
      return ground().plan.backupDays;
    },
    get certificate() {
      return certificateFiles(ground().places, ground().record.certificate);
    },
    get userRules() {
      const { record, topology } = ground();
      return ["~*", "&*", "+@all", ...policyRules(record.policy, topology)];
    },
  };
}
