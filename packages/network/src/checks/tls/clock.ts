import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** A clock that is off by less does not make a certificate invalid. ms */
const tolerance = 300_000;

/** The certificate's dates are right, and this machine's clock is not. Web servers tell the time, too. */
export const clock: Check = {
  id: "tls-clock",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_EXPIRED", "TLS_NOT_YET_VALID");
    const told = ill.flatMap(
      ({ tls }) =>
        tls?.revocation.filter(({ clockAhead }) => clockAhead !== null && Math.abs(clockAhead) > tolerance) ??
        [],
    );
    if (told.length === 0) return null;
    return {
      evidence: [
        ...said(ill),
        ...told.map(({ url, clockAhead }) => `by ${url} this clock is ${aheadText(clockAhead ?? 0)}`),
      ],
      fixes: [advice("Set the clock, and keep it set by NTP: UDP 123 must get out.", "timedatectl")],
    };
  },
};

/** `2 hours behind` */
export function aheadText(ms: number): string {
  const size = Math.abs(ms);
  const [count, unit] =
    size >= 172_800_000
      ? [size / 86_400_000, "days"]
      : size >= 7_200_000
        ? [size / 3_600_000, "hours"]
        : size >= 120_000
          ? [size / 60_000, "minutes"]
          : [size / 1000, "seconds"];
  return `${Math.round(count)} ${unit} ${ms >= 0 ? "ahead" : "behind"}`;
}
