import { RedoubtError } from "@redoubt/client";
import type { AzureResource } from "../resources/azure/azure-resource.ts";
import type { Violation } from "../resources/azure/violation.ts";
import { checkModule } from "../template/check.ts";
import type { Module } from "../template/module.ts";
import { judgeShape } from "./shapes/judge.ts";

/**
 * Everything about an app's Azure resources that Azure would refuse, or that is not what it looks like, as far as it can be told
 * here: what the resources say of themselves (names, SKUs, regions, what cannot be changed later), and their modules held
 * against the shapes of the API versions that they use.
 */
export function judgeResources(resources: readonly AzureResource[]): readonly Violation[] {
  return resources.flatMap((resource) => {
    return [...resource.judge(), ...judgeModule(resource.name, resource.infrastructure())];
  });
}

/** The same for one module. @throws RedoubtError `APP_PUBLISH` for one that is no valid template */
export function judgeModule(name: string, module: Module): readonly Violation[] {
  checkModule(module, name);
  return module.resources.flatMap((declared): readonly Violation[] => {
    const of = (key: string) => (key === "" ? declared.symbol : `${declared.symbol}.${key}`);
    const found = judgeShape(declared);
    if (found !== "unknown")
      return found.map(({ key, ...finding }) => ({
        resource: name,
        key: of(key),
        severity: "error",
        ...finding,
      }));
    return [
      {
        resource: name,
        key: of(""),
        severity: "warning",
        message: `${declared.type}@${declared.apiVersion} is not known here, so its settings were not looked at.`,
        fix: "Let `az bicep build` or a what-if deployment look at it.",
      },
    ];
  });
}

/** @throws RedoubtError `APP_PUBLISH` with all errors among the violations: resource, setting, what is wrong, fix */
export function refuse(violations: readonly Violation[]): void {
  const errors = violations.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  const each = errors.map(({ resource, key, message, fix, where }) => {
    const place = where === undefined ? "" : ` (${where})`;
    return `${resource}${place}: ${key}: ${message} ${fix}`;
  });
  const count = errors.length === 1 ? "" : `${errors.length} faults: `;
  throw new RedoubtError("APP_PUBLISH", `${count}${each.join(" | ")}`, {
    hint: "Nothing was written; mend the settings that are named, and publish again.",
  });
}
