import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { answerLine } from "./answer-line.ts";

/** Somebody wrote the address down, and it stays when the cache moves. */
export const hostsFile: Check = {
  id: "dns-hosts-file",
  find: ({ endpoints }) => {
    const ill = endpoints.filter(({ naming }) => {
      if (naming === null || naming.inHosts.length === 0 || /^(?:localhost|ip6-)/i.test(naming.host))
        return false;
      const [system, ...others] = naming.answers;
      const agree = others.some(({ addresses }) => addresses.some((ip) => system?.addresses.includes(ip)));
      return !agree;
    });
    if (ill.length === 0) return null;
    const failed = ill.some(({ dialling }) => dialling.error !== null);
    const contradicted = ill.some(({ naming }) =>
      naming?.answers.slice(1).some(({ addresses }) => addresses.length > 0),
    );
    return {
      ...(failed
        ? contradicted
          ? { severity: "error" as const, likelihood: 0.94 }
          : {}
        : { severity: "info" as const }),
      evidence: ill.flatMap(({ naming }) => [
        `the hosts file says that ${naming?.host} is ${naming?.inHosts.join(", ")}`,
        ...(naming?.answers.slice(1).map(answerLine) ?? []),
      ]),
      fixes: [advice("Remove the line from the hosts file, and let DNS answer.", "cat /etc/hosts")],
    };
  },
};
