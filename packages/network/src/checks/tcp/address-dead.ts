import { kindOfAddress } from "../../probes/address-kind.ts";
import type { Check } from "../check.ts";
import { probeLine } from "./probe-line.ts";

/** One address works and another does not: every new connection may lose its first quarter of a second, or more. */
export const addressDead: Check = {
  id: "tcp-address-dead",
  find: ({ endpoints }) => {
    const ill = endpoints.flatMap(({ reach }) => {
      const others = reach.filter(({ ip }) => kindOfAddress(ip) !== "loopback").map(({ dialled }) => dialled);
      return others.some(({ state }) => state === "open") && others.some(({ state }) => state !== "open")
        ? others
        : [];
    });
    return ill.length === 0 ? null : { evidence: ill.map(probeLine) };
  },
};
