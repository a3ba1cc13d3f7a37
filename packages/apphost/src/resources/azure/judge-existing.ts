import { isDeepStrictEqual } from "node:util";
import type { AzureResource } from "./azure-resource.ts";
import { known } from "./setting.ts";
import type { Finding } from "./violation.ts";

/**
 * What is wrong with a resource that exists already: settings that somebody changed, because they would have no effect, a name that
 * cannot be one, or a place that no such resource has.
 * @param prefix of the keys: `cluster`
 * @param before the settings as they were handed out
 */
export function* judgeExisting(prefix: string, before: object, after: object): Generator<Finding> {
  for (const [key, value] of Object.entries(after))
    if (!isDeepStrictEqual(value, (before as Record<string, unknown>)[key]))
      yield {
        key: `${prefix}.${key}`,
        message:
          "The resource exists already, and nothing of it is changed: the setting would have no effect.",
        fix: "Take the setting away, or asExisting().",
      };
}

/** A resource of a kind that is always in a resource group, said to be elsewhere. */
export function* judgePlace({ existing }: AzureResource): Generator<Finding> {
  if (existing === undefined) return;
  const { name, resourceGroup, subscription, tenant } = existing;
  if (tenant === true || (subscription !== undefined && resourceGroup === undefined))
    yield {
      key: "existing",
      message: "A resource of this kind is always in a resource group, and none is named.",
      fix: "Call asExistingInResourceGroup(name, group, subscription).",
    };
  if (known(name) === "")
    yield { key: "existing.name", message: "The name is empty.", fix: "Name the resource that exists." };
}
