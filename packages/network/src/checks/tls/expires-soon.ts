import type { Check } from "../check.ts";
import { day } from "./chain-lines.ts";

/** How long before its end a certificate is told, ms. */
const notice = 21 * 86_400_000;

/** A certificate of the chain ends within three weeks. */
export const expiresSoon: Check = {
  id: "tls-expires-soon",
  find: ({ endpoints, now }) => {
    const soon = endpoints.flatMap(({ tls }) =>
      (tls?.handshake.chain ?? []).filter(
        ({ validTo }) => validTo.getTime() > now && validTo.getTime() < now + notice,
      ),
    );
    if (soon.length === 0) return null;
    const lines = soon.map(
      ({ subject, validTo }) =>
        `${subject} is valid until ${day(validTo)}, ${Math.floor((validTo.getTime() - now) / 86_400_000)} days more`,
    );
    return { evidence: [...new Set(lines)] };
  },
};
