import type { Check } from "../check.ts";
import { answerLine } from "./answer-line.ts";

/** Two servers have no address in common: which one a client gets is chance. */
export const answersDiffer: Check = {
  id: "dns-answers-differ",
  find: ({ endpoints }) => {
    const ill = endpoints.flatMap(({ naming }) => {
      const known =
        naming?.answers.filter(({ asked, addresses }) => asked === "nameserver" && addresses.length > 0) ??
        [];
      const differ = known.some((one) =>
        known.some((other) => !one.addresses.some((ip) => other.addresses.includes(ip))),
      );
      return differ ? known : [];
    });
    return ill.length === 0 ? null : { evidence: ill.map(answerLine) };
  },
};
