import type { FlowVerdict } from "../judge/flow.ts";
import type { Space } from "../judge/space.ts";
import { addressText } from "../model/address.ts";
import { portsText, rangesSet } from "../model/port.ts";
import { resourceId } from "../model/resource-id.ts";
import type { Direction, Nsg, Protocol } from "../model/rule.ts";
import type { PlannedRule } from "../plan/rules.ts";
import { ruleBicep, rulesCommands } from "../plan/write.ts";
import { type Fix, fix } from "./finding.ts";

/** Gives rules of a group priorities that are free, each once. */
export class Priorities {
  readonly #taken = new Set<string>();

  constructor(nsgs: readonly Nsg[]) {
    for (const { id, rules } of nsgs)
      for (const { direction, priority } of rules) this.#taken.add(`${id} ${direction} ${priority}`);
  }

  /** The highest number below that of the rule that is in the way; `null` where none is free. */
  below(nsgId: string, direction: Direction, priority: number): number | null {
    for (let one = Math.min(priority, 4097) - 1; one >= 100; one--) {
      const key = `${nsgId} ${direction} ${one}`;
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return one;
    }
    return null;
  }
}

/** The rule that lets flows through which a rule of a group denies, and goes before it. */
export function allowFix(
  nsg: Nsg,
  blocking: string,
  direction: Direction,
  flows: readonly FlowVerdict[],
  local: Space,
  remote: Space,
  name: string,
  priorities: Priorities,
): Fix[] {
  const inTheWay = nsg.rules.find((rule) => rule.name === blocking && rule.direction === direction);
  const priority = priorities.below(nsg.id, direction, inTheWay?.priority ?? 4097);
  if (priority === null)
    return [
      fix(
        `No priority below that of ${blocking} is free: remove that rule, or give it a higher number.`,
        `az network nsg rule update --ids ${nsg.id}/securityRules/${blocking} --priority 4000`,
      ),
    ];
  const protocols = [...new Set(flows.map(({ flow }) => flow.protocol))];
  const [near, far] = [prefixes(local), prefixes(remote)];
  const [first] = protocols;
  const rule: PlannedRule = {
    name,
    priority,
    direction,
    access: "Allow",
    protocol: protocols.length === 1 && first !== undefined ? (first satisfies Protocol) : "*",
    sources: direction === "Inbound" ? far : near,
    destinations: direction === "Inbound" ? near : far,
    ports: portsText(rangesSet(flows.map(({ flow }) => flow.ports))).split(", "),
    description: `Needed by the cache: ${[...new Set(flows.map(({ flow }) => flow.row))].join(", ")}`.slice(
      0,
      140,
    ),
    rows: [],
  };
  const [command = ""] = rulesCommands([rule], resourceId(nsg.id).resourceGroup ?? "GROUP", nsg.name);
  return [fix(`Let it through in ${nsg.name}, before ${blocking}.`, command, ruleBicep(rule))];
}

/** An end as a rule writes it. */
function prefixes(space: Space): string[] {
  switch (space.kind) {
    case "tag":
      return [space.tag];
    case "subnet":
      return ["*"];
    case "addresses":
      if (space.wide) return ["*"];
      if (space.tag !== null) return [space.tag];
      return space.set.intervals().map(([first, last]) => enclosing(first, last));
  }
}

/** The smallest prefix that holds an interval: the usable addresses of a subnet become its prefix again. */
function enclosing(first: number, last: number): string {
  for (let length = 32; length > 0; length--) {
    const size = 2 ** (32 - length);
    const start = first - (first % size);
    if (start + size - 1 >= last) return size === 1 ? addressText(start) : `${addressText(start)}/${length}`;
  }
  return "*";
}
