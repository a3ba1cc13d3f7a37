import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** A server of the list does not answer while others do: every question that meets it first takes seconds. */
export const serverSilent: Check = {
  id: "dns-server-silent",
  find: ({ endpoints }) => {
    const answers = endpoints
      .flatMap(({ naming }) => naming?.answers ?? [])
      .filter(({ asked }) => asked !== "system" && asked !== "azure");
    const dead = [
      ...new Set(answers.filter(({ failure }) => failure === "silent").map(({ resolver }) => resolver)),
    ];
    if (dead.length === 0 || !answers.some(({ failure }) => failure !== "silent")) return null;
    return {
      evidence: dead.map((resolver) => `${resolver} did not answer`),
      fixes: [advice(`Take ${dead.join(", ")} out of the list, or let port 53 through to it.`)],
    };
  },
};
