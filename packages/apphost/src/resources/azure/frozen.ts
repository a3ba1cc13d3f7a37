import type { Finding } from "./violation.ts";

/** A resource of an ARM template, as far as it is looked at. */
interface Written {
  readonly type: string;
  readonly name: unknown;
  readonly sku?: { readonly name?: unknown };
  readonly zones?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** A setting that can be chosen at creation only. */
interface Frozen {
  readonly type: string;
  readonly key: string;
  /** What it is in a template; the default of Azure where it is not said. */
  readonly value: (resource: Written) => unknown;
  /** Changes that are possible nevertheless. */
  readonly allowed?: (before: unknown, after: unknown) => boolean;
}

const cluster = "Microsoft.Cache/redisEnterprise";
const database = `${cluster}/databases`;
const classic = "Microsoft.Cache/redis";

/** Source: Microsoft's pages on scaling, clustering and modules of Azure Managed Redis, and on virtual networks and tiers of the classic cache. */
const rows: readonly Frozen[] = [
  {
    type: cluster,
    key: "sku.name",
    // In memory and on flash are different machines; sizes within each can be changed.
    value: ({ sku }) => (String(sku?.name).startsWith("FlashOptimized_") ? "on flash" : "in memory"),
  },
  {
    type: database,
    key: "clusteringPolicy",
    value: ({ properties }) => properties?.["clusteringPolicy"] ?? "OSSCluster",
    allowed: (before) => before === "NoCluster",
  },
  { type: database, key: "modules", value: ({ properties }) => moduleNames(properties?.["modules"]) },
  { type: database, key: "port", value: ({ properties }) => properties?.["port"] },
  { type: classic, key: "subnetId", value: ({ properties }) => properties?.["subnetId"] },
  { type: classic, key: "staticIP", value: ({ properties }) => properties?.["staticIP"] },
  { type: classic, key: "zones", value: ({ zones }) => zones },
  {
    type: classic,
    key: "sku.name",
    value: ({ properties }) => (properties?.["sku"] as { name?: unknown } | undefined)?.name,
    // Tiers only rise.
    allowed: (before, after) => tiers.indexOf(String(after)) > tiers.indexOf(String(before)),
  },
  {
    type: "Microsoft.KeyVault/vaults",
    key: "enablePurgeProtection",
    value: ({ properties }) => properties?.["enablePurgeProtection"] === true,
    allowed: (before) => before === false,
  },
];

const tiers = ["Basic", "Standard", "Premium"];

/**
 * Settings that a template changes although Azure only takes them at creation, by comparison with the template that was deployed or
 * written before. What one of them does not have, or only says by an expression, is not judged.
 * @param before an ARM template
 * @param after the one that is to take its place
 */
export function* judgeFrozen(before: unknown, after: unknown): Generator<Finding> {
  const old = resourcesOf(before);
  for (const resource of resourcesOf(after)) {
    const same = old.filter(({ type }) => type.toLowerCase() === resource.type.toLowerCase());
    const was = same.find(({ name }) => name === resource.name) ?? (same.length === 1 ? same[0] : undefined);
    if (was === undefined) continue;
    if (was.name !== resource.name) {
      yield {
        key: `${resource.type}.name`,
        severity: "warning",
        message: `Its name was ${text(was.name)} and is to be ${text(resource.name)}: Azure makes a second one, which is empty, and the first one stays.`,
        fix: "Take the change back, or move the data and delete the first one.",
      };
      continue;
    }
    for (const { type, key, value, allowed } of rows) {
      if (type.toLowerCase() !== resource.type.toLowerCase()) continue;
      const [then, now] = [value(was), value(resource)];
      if (text(then) === text(now) || isExpression(then) || isExpression(now)) continue;
      if (allowed?.(then, now) === true) continue;
      yield {
        key: `${resource.type}.${key}`,
        message: `It was ${text(then)} and is to be ${text(now)}, and Azure takes it at creation only.`,
        fix: "Take the change back, or make a new resource under another name and move the data.",
      };
    }
  }
}

function resourcesOf(template: unknown): Written[] {
  const { resources } = (template ?? {}) as { resources?: unknown };
  const list = Array.isArray(resources)
    ? (resources as unknown[])
    : Object.values((resources ?? {}) as object);
  return list.filter(
    (one): one is Written =>
      typeof one === "object" &&
      one !== null &&
      "type" in one &&
      typeof one.type === "string" &&
      !("existing" in one && one.existing === true),
  );
}

function moduleNames(modules: unknown): unknown {
  if (!Array.isArray(modules)) return modules ?? [];
  return modules.map((one: unknown) => (one as { name?: unknown }).name).toSorted();
}

function isExpression(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("[") && !value.startsWith("[[");
}

function text(value: unknown): string {
  return value === undefined ? "not said" : typeof value === "string" ? value : JSON.stringify(value);
}
