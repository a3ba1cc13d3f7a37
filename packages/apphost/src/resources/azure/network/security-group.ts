import type { PlannedRule } from "@redoubt/network";
import type { App } from "../../../model/app.ts";
import { type Input, ref } from "../../../template/expr.ts";
import { AzureModule } from "../azure-module.ts";
import { azureName, Infrastructure } from "../infrastructure.ts";
import type { Finding } from "../violation.ts";

/** A rule of a network security group, as `planRules` of `@redoubt/network` plans it, or as somebody writes it. */
export type SecurityRule = Omit<PlannedRule, "rows" | "description"> & { readonly description?: string };

/**
 * A network security group. Its rules are written inside of it and not, as upstream does, as children: so a deployment changes all of
 * them at once, and never leaves the group without rules in between.
 */
export class AzureNetworkSecurityGroup extends AzureModule {
  readonly type = "azure-network-security-group";
  readonly azure = { type: "Microsoft.Network/networkSecurityGroups", apiVersion: "2025-05-01" };
  readonly #rules: (() => readonly SecurityRule[])[] = [];

  constructor(app: App, name: string) {
    super(app, name);
    this.icon = "Shield";
  }

  /** All its rules, in the order of the calls. */
  get rules(): readonly SecurityRule[] {
    return this.#rules.flatMap((rules) => rules());
  }

  /** Adds a rule. */
  withSecurityRule(rule: SecurityRule): this {
    return this.withSecurityRules(() => [rule]);
  }

  /** Adds rules that are worked out when the module is written, so that they know of subnets that are added later. */
  withSecurityRules(rules: () => readonly SecurityRule[]): this {
    this.#rules.push(rules);
    return this;
  }

  protected create(): Infrastructure {
    return new Infrastructure(this.name);
  }

  protected declare(infrastructure: Infrastructure): void {
    const { symbol, name, rules } = this;
    this.declareMain(infrastructure, azureName(symbol, 80, true), {
      location: infrastructure.location,
      properties: rules.length === 0 ? undefined : { securityRules: rules.map(ruleBody) },
      tags: { "aspire-resource-name": name },
    });
    infrastructure.output("id", ref(symbol, "id"));
    infrastructure.output("name", ref(symbol, "name"));
  }

  protected override *findings(): Generator<Finding> {
    const places = new Map<string, string>();
    const names = new Set<string>();
    for (const [index, { name, priority, direction }] of this.rules.entries()) {
      const key = `rules[${index}]`;
      if (!(Number.isInteger(priority) && priority >= 100 && priority <= 4096))
        yield {
          key: `${key}.priority`,
          message: `Priorities go from 100 to 4096; "${name}" has ${priority}.`,
          fix: "Change it.",
        };
      const place = `${direction} ${priority}`;
      const other = places.get(place);
      if (other !== undefined)
        yield {
          key: `${key}.priority`,
          message: `"${name}" and "${other}" are both ${direction} with priority ${priority}.`,
          fix: "Give one of them another priority.",
        };
      places.set(place, name);
      if (names.has(name.toLowerCase()))
        yield { key: `${key}.name`, message: `There are two rules "${name}".`, fix: "Rename one of them." };
      names.add(name.toLowerCase());
    }
  }
}

function ruleBody(rule: SecurityRule): Input {
  return {
    name: rule.name,
    properties: {
      access: rule.access,
      description: rule.description,
      ...oneOrMany("destinationAddressPrefix", "destinationAddressPrefixes", rule.destinations),
      ...oneOrMany("destinationPortRange", "destinationPortRanges", rule.ports),
      direction: rule.direction,
      priority: rule.priority,
      protocol: rule.protocol,
      ...oneOrMany("sourceAddressPrefix", "sourceAddressPrefixes", rule.sources),
      sourcePortRange: "*",
    },
  };
}

function oneOrMany(one: string, many: string, values: readonly string[]): { [name: string]: Input } {
  return values.length === 1 ? { [one]: values[0] } : { [many]: values };
}
