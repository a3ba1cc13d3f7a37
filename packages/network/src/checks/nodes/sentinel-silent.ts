import { endpointName } from "../../probes/endpoint-name.ts";
import type { Check } from "../check.ts";

/** Some Sentinels cannot be asked; where none can, the reasons are errors of their own. */
export const sentinelSilent: Check = {
  id: "sentinel-silent",
  find: ({ target, endpoints }) => {
    if (target.sentinel === null) return null;
    const dead = endpoints.filter(({ dialling }) => dialling.error !== null);
    if (dead.length === 0) return null;
    return {
      ...(dead.length === endpoints.length && { severity: "error" as const }),
      evidence: dead.map(({ dialling: { endpoint, error } }) => `${endpointName(endpoint)}: ${error?.code}`),
    };
  },
};
