import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";
import { answerLine } from "./answer-line.ts";

/** The system found nobody to ask. */
export const silent: Check = {
  id: "dns-silent",
  find: (evidence) => {
    const ill = [
      ...failedWith(evidence, "DNS_UNAVAILABLE"),
      ...failedWith(evidence, "TIMEOUT_CONNECT").filter(({ dialling }) => dialling.error?.stage === "dns"),
    ].filter(({ naming }) => naming?.answers.every(({ addresses }) => addresses.length === 0));
    if (ill.length === 0) return null;
    const servers =
      ill[0]?.naming?.answers.filter(({ asked }) => asked === "nameserver").map(({ resolver }) => resolver) ??
      [];
    return {
      evidence: [...said(ill), ...ill.flatMap(({ naming }) => naming?.answers.map(answerLine) ?? [])],
      fixes: [
        advice(
          servers.length === 0
            ? "Give this machine a DNS server."
            : `Let UDP and TCP 53 through to ${servers.join(", ")}, and see whether the servers run.`,
        ),
        advice("In a virtual network of Azure without servers of its own, use 168.63.129.16."),
      ],
    };
  },
};
