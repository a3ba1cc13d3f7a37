import { quoted } from "../model/word.ts";
import type { PlannedRoute } from "./routes.ts";
import type { PlannedRule } from "./rules.ts";

/** `az` commands that add rules to a group. */
export function rulesCommands(rules: readonly PlannedRule[], group: string, nsg: string): string[] {
  return rules.map((rule) =>
    [
      `az network nsg rule create -g ${quoted(group)} --nsg-name ${quoted(nsg)} -n ${rule.name}`,
      `--priority ${rule.priority} --direction ${rule.direction} --access ${rule.access}`,
      `--protocol ${word(rule.protocol)}`,
      `--source-address-prefixes ${rule.sources.map(word).join(" ")}`,
      `--destination-address-prefixes ${rule.destinations.map(word).join(" ")}`,
      `--destination-port-ranges ${rule.ports.map(word).join(" ")}`,
      `--description ${quoted(rule.description)}`,
    ].join(" "),
  );
}

/** `securityRules` of a network security group in Bicep, without indentation before the first line. */
export function ruleBicep(rule: PlannedRule): string {
  const { name, priority, direction, access, protocol, description } = rule;
  return [
    "{",
    `  name: '${name}'`,
    "  properties: {",
    `    description: '${description.replaceAll("'", "\\'")}'`,
    `    priority: ${priority}`,
    `    direction: '${direction}'`,
    `    access: '${access}'`,
    `    protocol: '${protocol}'`,
    "    sourcePortRange: '*'",
    ...field("sourceAddressPrefix", "sourceAddressPrefixes", rule.sources),
    ...field("destinationAddressPrefix", "destinationAddressPrefixes", rule.destinations),
    ...field("destinationPortRange", "destinationPortRanges", rule.ports),
    "  }",
    "}",
  ].join("\n");
}

/** A whole group in Bicep. */
export function nsgBicep(rules: readonly PlannedRule[], name: string): string {
  return [
    "resource nsg 'Microsoft.Network/networkSecurityGroups@2025-09-01' = {",
    `  name: '${name}'`,
    "  location: resourceGroup().location",
    "  properties: {",
    "    securityRules: [",
    ...rules.map((rule) => indented(ruleBicep(rule), 6)),
    "    ]",
    "  }",
    "}",
  ].join("\n");
}

/** `az` commands that make a route table. */
export function routesCommands(routes: readonly PlannedRoute[], group: string, table: string): string[] {
  return routes.map(
    ({ name, prefix, nextHop }) =>
      `az network route-table route create -g ${quoted(group)} --route-table-name ${quoted(table)} -n ${name} --address-prefix ${prefix} --next-hop-type ${nextHop}`,
  );
}

/** A whole route table in Bicep. */
export function routeTableBicep(routes: readonly PlannedRoute[], name: string): string {
  return [
    "resource routes 'Microsoft.Network/routeTables@2025-09-01' = {",
    `  name: '${name}'`,
    "  location: resourceGroup().location",
    "  properties: {",
    "    routes: [",
    ...routes.flatMap((route) => [
      "      {",
      `        name: '${route.name}'`,
      "        properties: {",
      `          addressPrefix: '${route.prefix}'`,
      `          nextHopType: '${route.nextHop}'`,
      "        }",
      "      }",
    ]),
    "    ]",
    "  }",
    "}",
  ].join("\n");
}

function field(one: string, many: string, values: readonly string[]): string[] {
  if (values.length === 1) return [`    ${one}: '${values[0]}'`];
  return [`    ${many}: [`, ...values.map((value) => `      '${value}'`), "    ]"];
}

function indented(text: string, spaces: number): string {
  return text.replaceAll(/^/gm, " ".repeat(spaces));
}

function word(text: string): string {
  return text === "*" ? "'*'" : quoted(text);
}
