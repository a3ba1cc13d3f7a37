import { RedoubtError } from "@redoubt/client";
import { findBinary } from "@redoubt/server/launch";
import { type Plan, planNamed } from "../catalog/plans.ts";
import { serviceTypes } from "../catalog/service-types.ts";
import { settingsOf } from "../catalog/settings.ts";
import type { Settings } from "../contract/settings.ts";
import type { NodeGround } from "../nodes/node.ts";
import type { Disk } from "../state/disk.ts";
import type { ServicePlaces } from "../state/places.ts";
import type { ServiceRecord } from "../state/record.ts";
import type { RuleGround } from "../users/rules.ts";

/** Everything that follows from the record of a service. */
export interface Ground {
  readonly record: ServiceRecord;
  readonly places: ServicePlaces;
  readonly plan: Plan;
  readonly settings: Settings;
  readonly topology: Plan["topology"];
  readonly rules: RuleGround;
}

/** @throws RedoubtError of the family `CONFIG_` when the record names a plan that there is not */
export function groundOf(record: ServiceRecord, places: ServicePlaces): Ground {
  const plan = planNamed(record.plan);
  const { topology } = plan;
  const settings = settingsOf(record.type, plan, record.userConfig);
  const { channelsDefault } = settings;
  return {
    record,
    places,
    plan,
    settings,
    topology,
    rules: { policy: record.policy, topology, channelsDefault },
  };
}

/** What servers are kept with. */
export function nodeGround(ground: Ground, program: string, disk: Disk): NodeGround {
  return { configuration: ground, rules: ground.rules, program, disk };
}

/** The program that serves a service. @throws RedoubtError `SERVICE_FAILED` when it is not installed */
export async function programOf({ type }: ServiceRecord): Promise<string> {
  const { program } = serviceTypes[type];
  try {
    return await findBinary(program);
  } catch {
    throw new RedoubtError("SERVICE_FAILED", `${program} is not on the PATH`, {
      hint: `Install it (Debian, Ubuntu: apt-get install ${program === "redis-server" ? "redis-server" : "valkey"}), then try again.`,
    });
  }
}
