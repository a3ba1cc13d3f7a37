import { z } from "zod";
import { idKey, resourceId } from "../model/resource-id.ts";
import { defaultRules, type Nsg, type SecurityRule } from "../model/rule.ts";
import { count, isShape, reference, references, type Shape, shapes, text, texts } from "./shape.ts";

const ruleShape = z.object({
  id: text,
  name: text,
  priority: count,
  direction: text,
  access: text,
  protocol: text,
  sourceaddressprefix: texts,
  sourceaddressprefixes: texts,
  destinationaddressprefix: texts,
  destinationaddressprefixes: texts,
  sourceportrange: texts,
  sourceportranges: texts,
  destinationportrange: texts,
  destinationportranges: texts,
  sourceapplicationsecuritygroups: references,
  destinationapplicationsecuritygroups: references,
});

/** A rule, or `null` for what has no priority, direction and access. */
export function readRule(shape: Shape): SecurityRule | null {
  const found = ruleShape.parse(shape);
  const { name, priority, sourceapplicationsecuritygroups, destinationapplicationsecuritygroups } = found;
  const direction = /^inbound$/i.test(found.direction ?? "") ? "Inbound" : "Outbound";
  if (priority === null || !/^(?:inbound|outbound)$/i.test(found.direction ?? "")) return null;
  if (!/^(?:allow|deny)$/i.test(found.access ?? "")) return null;
  return {
    name: (name ?? resourceId(found.id ?? "").names.at(-1) ?? "unnamed").replace(
      /^(?:default)?securityRules\//i,
      "",
    ),
    priority,
    direction,
    access: /^allow$/i.test(found.access ?? "") ? "Allow" : "Deny",
    protocol: found.protocol ?? "*",
    sources: side(found.sourceaddressprefix, found.sourceaddressprefixes, sourceapplicationsecuritygroups),
    destinations: side(
      found.destinationaddressprefix,
      found.destinationaddressprefixes,
      destinationapplicationsecuritygroups,
    ),
    sourceAsgIds: sourceapplicationsecuritygroups,
    destinationAsgIds: destinationapplicationsecuritygroups,
    sourcePorts: ports(found.sourceportrange, found.sourceportranges),
    destinationPorts: ports(found.destinationportrange, found.destinationportranges),
  };
}

/** A side that names nothing at all is not read as everything: `?` is an address that nobody knows. */
function side(one: readonly string[], many: readonly string[], asgs: readonly string[]): string[] {
  const all = [...new Set([...one, ...many])];
  return all.length === 0 && asgs.length === 0 ? ["?"] : all;
}

function ports(one: readonly string[], many: readonly string[]): string[] {
  const all = [...new Set([...one, ...many])];
  return all.length === 0 ? ["*"] : all;
}

const nsgShape = z.object({
  id: text,
  name: text,
  securityrules: shapes,
  defaultsecurityrules: shapes,
  subnets: references,
  networkinterfaces: references,
});

/** `az network nsg show`, or one of a list. */
export function readNsg(shape: Shape): Nsg {
  const found = nsgShape.parse(shape);
  const id = found.id ?? found.name ?? "";
  return {
    id,
    name: found.name ?? resourceId(id).names.at(-1) ?? id,
    rules: withDefaults([...found.securityrules, ...found.defaultsecurityrules].map(readRule)),
    subnetIds: found.subnets,
    nicIds: found.networkinterfaces,
  };
}

/** `az network nsg rule list`: the rules of one group each. */
export function readLooseRules(list: readonly Shape[]): Nsg[] {
  const groups = new Map<string, { id: string; rules: (SecurityRule | null)[] }>();
  for (const shape of list) {
    const { id } = ruleShape.parse(shape);
    const nsgId = (id ?? "").replace(/\/(?:default)?securityRules\/[^/]+$/i, "");
    const group = groups.get(idKey(nsgId)) ?? { id: nsgId, rules: [] };
    group.rules.push(readRule(shape));
    groups.set(idKey(nsgId), group);
  }
  return [...groups.values()].map(({ id, rules }) => ({
    id,
    name: resourceId(id).names.at(-1) ?? id,
    rules: withDefaults(rules),
    subnetIds: [],
    nicIds: [],
  }));
}

const effectiveShape = z.object({
  networksecuritygroup: reference,
  association: z
    .unknown()
    .transform((value) => associationShape.safeParse(value).data ?? { subnet: null, networkinterface: null }),
  effectivesecurityrules: shapes,
});
const associationShape = z.object({ subnet: reference, networkinterface: reference });

/** An entry of `az network nic list-effective-nsg`: the rules in force, the defaults included. */
export function readEffectiveNsg(shape: Shape): Nsg {
  const { networksecuritygroup, association, effectivesecurityrules } = effectiveShape.parse(shape);
  const { subnet, networkinterface } = association;
  const id = networksecuritygroup ?? `rules in force at ${subnet ?? networkinterface ?? "an unknown place"}`;
  return {
    id,
    name: resourceId(id).names.at(-1) ?? id,
    rules: withDefaults(effectivesecurityrules.map(readRule)),
    subnetIds: subnet === null ? [] : [subnet],
    nicIds: networkinterface === null ? [] : [networkinterface],
  };
}

/** What `VirtualNetwork` stands for at the subnet of such an entry: Azure itself says it there. */
export function readVirtualNetwork(shape: Shape): { subnetId: string; prefixes: readonly string[] }[] {
  const { subnet } = effectiveShape.parse(shape).association;
  const map = shape["tagmap"];
  const prefixes = isShape(map) ? texts.parse(map["virtualnetwork"]) : [];
  return subnet === null || prefixes.length === 0 ? [] : [{ subnetId: subnet, prefixes }];
}

/** Every group has the default rules, whether they were exported or not. */
function withDefaults(rules: readonly (SecurityRule | null)[]): SecurityRule[] {
  const own = rules.filter((rule) => rule !== null);
  const missing = defaultRules.filter(
    ({ priority, direction }) =>
      !own.some((rule) => rule.priority === priority && rule.direction === direction),
  );
  return [...own, ...missing];
}
