import type { Judgement } from "../judge/judge.ts";
import type { Finding } from "./finding.ts";
import { lifetimeFindings } from "./lifetime.ts";
import { peeringFindings } from "./peerings.ts";
import { placeFindings } from "./place.ts";
import { portFindings, storageFindings } from "./ports.ts";
import { privateLinkFindings } from "./private-link.ts";
import { routeFindings } from "./routes.ts";

const order = { error: 0, warning: 1, info: 2 };

/** Everything that a judgement shows to be wrong or good to know, the gravest first. */
export function findAll(judgement: Judgement): Finding[] {
  return [
    ...placeFindings(judgement),
    ...portFindings(judgement),
    ...storageFindings(judgement),
    ...routeFindings(judgement),
    ...peeringFindings(judgement),
    ...privateLinkFindings(judgement),
    ...lifetimeFindings(judgement),
  ].toSorted((a, b) => order[a.severity] - order[b.severity]);
}
