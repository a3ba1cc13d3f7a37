import { Lookup } from "../../judge/lookup.ts";
import { prefixesSet } from "../../model/address.ts";
import { brokenPlan } from "../causes.ts";
import { requireSoundPlan } from "../checked.ts";
import { fabricRoutes } from "../fabric-routes.ts";
import { fabricRules } from "../fabric-rules.ts";
import { type LinkLines, linkLines } from "../links.ts";
import { type Machine, machinesOf } from "../machines.ts";
import { dnsConfiguration, nameServersOf } from "../names.ts";
import type { LabPlan } from "../plan.ts";
import { prefixTexts, settledNetwork } from "../settled.ts";
import type { LabState } from "./state.ts";
import { namespaceOf } from "./state.ts";

/** All that is to be done for a plan, as texts that `ip`, `nft` and `dnsmasq` read. */
export interface CompiledLab {
  readonly plan: LabPlan;
  readonly lookup: Lookup;
  readonly machines: readonly Machine[];
  readonly links: LinkLines;
  readonly routes: readonly string[];
  readonly rules: string;
  /** Configurations of `dnsmasq`, by machine. */
  readonly dns: ReadonlyMap<string, string>;
  /** DNS servers that are asked, by machine. */
  readonly resolvers: ReadonlyMap<string, readonly string[]>;
}

/**
 * Compiles the plan of a laboratory with all that is broken in it.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for a plan whose names or addresses are none
 */
export function compileLab(
  { id, plan: whole, breakages }: Pick<LabState, "id" | "plan" | "breakages">,
  folder: string,
): CompiledLab {
  const broken = brokenPlan(whole, breakages);
  requireSoundPlan(broken);
  const plan: LabPlan = { ...broken, network: settledNetwork(broken) };
  const lookup = new Lookup(plan.network);
  const machines = machinesOf(plan, lookup);
  const networks = prefixTexts(prefixesSet(plan.network.vnets.flatMap(({ prefixes }) => prefixes)));
  const dns = new Map<string, string>();
  for (const machine of machines) {
    const text = dnsConfiguration(machine, plan, lookup, machines, `${folder}/${machine.name}.pid`);
    if (text !== null) dns.set(machine.name, text);
  }
  return {
    plan,
    lookup,
    machines,
    links: linkLines(machines, (name) => namespaceOf(id, name), networks, plan.onPremises?.forwards ?? false),
    routes: fabricRoutes(plan, machines, lookup),
    rules: fabricRules(machines, lookup),
    dns,
    resolvers: new Map(machines.map((machine) => [machine.name, nameServersOf(machine, plan, lookup)])),
  };
}
