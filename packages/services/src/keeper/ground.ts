import { type Plan, planNamed } from "../catalog/plans.ts";
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
