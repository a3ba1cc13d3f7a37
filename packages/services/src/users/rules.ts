import { createHash } from "node:crypto";
import type { CommandPolicy } from "../contract/service.ts";
import type { AccessControl } from "../contract/user.ts";
import type { ServiceRecord, UserRecord } from "../state/record.ts";
import { policyRules } from "./forbidden.ts";

/** What rules of users depend on beside the user. */
export interface RuleGround {
  readonly policy: CommandPolicy;
  /** Of the plan: `single`, `replicated`, `cluster`. */
  readonly topology: string;
  readonly channelsDefault: "allchannels" | "resetchannels";
}

/** Name of the user as whom the keeper logs in at its servers. */
export const operatorName = "redoubt-operator";

/**
 * What `ACL SETUSER name` is told, so that the user is exactly this: it begins with `reset`. The password goes in as its SHA-256.
 * Categories come before commands, so that `-@all +@admin` with `+set` means what it says.
 */
export function userRules({ password, access }: UserRecord, ground: RuleGround): string[] {
  return [
    "reset",
    "on",
    `#${createHash("sha256").update(password).digest("hex")}`,
    ...(access === null ? ["~*", "&*", "+@all"] : accessRules(access, ground)),
    ...policyRules(ground.policy, ground.topology),
  ];
}

function accessRules({ categories, commands, keys, channels }: AccessControl, ground: RuleGround): string[] {
  return [
    ...(keys === undefined ? ["~*"] : keys.map((pattern) => `~${pattern}`)),
    ...(channels === undefined ? [ground.channelsDefault] : channels.map((pattern) => `&${pattern}`)),
    ...(categories === undefined && commands === undefined ? ["+@all"] : []),
    ...(categories ?? []).map(signed),
    ...(commands ?? []).map((name) => signed(name.toLowerCase())),
  ];
}

const signed = (rule: string): string => (/^[+-]/.test(rule) ? rule : `+${rule}`);

/** The lines of `users.acl`, with which a server starts. */
export function aclFile({ users, operator }: ServiceRecord, ground: RuleGround): string {
  const own = createHash("sha256").update(operator.password).digest("hex");
  return [
    `user ${operator.username} on #${own} ~* &* +@all`,
    ...users.map((user) => `user ${user.username} ${userRules(user, ground).join(" ")}`),
    "",
  ].join("\n");
}
