import { RedoubtError } from "@redoubt/client";
import { SecretOutput } from "../model/output.ts";
import type { Value } from "../model/value.ts";
import { AzureResource } from "../resources/azure/azure-resource.ts";
import type { AzureName, DeploymentScope } from "../resources/azure/existing.ts";
import { AzureKeyVault } from "../resources/azure/key-vault.ts";
import { AzureRoleAssignments } from "../resources/azure/role-assignments.ts";
import { arm } from "../template/arm.ts";
import type { Module } from "../template/module.ts";
import type { Scope, Template, Unit, UnitParameter, WantedSecret } from "./unit.ts";

/**
 * What is to be deployed for resources of Azure: their modules as ARM JSON, with parameters that are filled from the app and from
 * each other. Outputs and secrets that become known are told to the resources, and through them to whoever waits.
 *
 * @param secrets `all`: every secret that somebody asked a vault for is read, because programs here need them; `parameters`: only
 *   those that other modules are given
 */
export function unitsOf(resources: readonly AzureResource[], secrets: "all" | "parameters"): readonly Unit[] {
  const wanted = wantedSecrets(resources, secrets);
  return resources.map((resource) => unitOf(resource, wanted.get(resource) ?? []));
}

/**
 * Holds resources to what they say of themselves, before anything is asked of Azure.
 * @throws RedoubtError `APP_DEPLOY` with resource, setting and fix of everything that Azure would refuse
 */
export function refuseBroken(resources: readonly AzureResource[]): void {
  const errors = resources.flatMap((one) => one.judge()).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  const each = errors.map(({ resource, key, message, fix }) => `${resource}: ${key}: ${message} ${fix}`);
  throw new RedoubtError("APP_DEPLOY", each.join(" | "), {
    hint: "Nothing was deployed; mend the settings that are named.",
  });
}

function unitOf(resource: AzureResource, secrets: readonly WantedSecret[]): Unit {
  const module = resource.infrastructure();
  return {
    name: resource.name,
    type: resource.type,
    template: arm(module) as unknown as Template,
    parameters: parametersOf(resource, module),
    scope: scopeOf(resource.scope, module),
    needs: needsOf(resource),
    ...(resource instanceof AzureRoleAssignments && { rolesOf: resource.target.name }),
    secrets,
    settled: (outputs) => resource.settle(outputs),
    failed: (error) => {
      resource.failed(error);
      for (const secret of secrets) secret.failed(error);
    },
  };
}

function parametersOf(resource: AzureResource, { params }: Module): readonly UnitParameter[] {
  return resource.moduleParameters().map(([name, value]) => {
    if (typeof value === "string") return { name, known: value };
    const isSecure = params.some((param) => param.name === name && param.secure === true);
    return {
      name,
      secret: value.secret || isSecure,
      resolve: (signal) => value.resolve({ viewpoint: "host", signal }),
    };
  });
}

function needsOf(resource: AzureResource): readonly string[] {
  const needed = resource.needed().flatMap(({ needs }) => needs);
  const azure = needed.filter((one) => one instanceof AzureResource && one !== resource);
  return [...new Set(azure.map(({ name }) => name))];
}

function scopeOf(scope: DeploymentScope | undefined, { targetScope }: Module): Unit["scope"] {
  if (scope === undefined)
    return targetScope === "subscription" ? { kind: "subscription" } : { kind: "group" };
  return async (signal): Promise<Scope> => {
    if (scope.tenant === true) return { kind: "tenant" };
    const text = async (name: AzureName | undefined): Promise<string | undefined> =>
      typeof name === "object" ? name.resolve({ viewpoint: "host", signal }) : name;
    const [group, subscription] = [await text(scope.resourceGroup), await text(scope.subscription)];
    const its = subscription === undefined ? {} : { subscription };
    return group === undefined ? { kind: "subscription", ...its } : { kind: "group", group, ...its };
  };
}

function wantedSecrets(
  resources: readonly AzureResource[],
  which: "all" | "parameters",
): ReadonlyMap<AzureResource, readonly WantedSecret[]> {
  const wanted = new Map<AzureResource, WantedSecret[]>();
  const given = resources.flatMap((resource) => resource.needed());
  for (const vault of resources) {
    if (!(vault instanceof AzureKeyVault)) continue;
    for (const secret of vault.wantedSecrets) {
      const owner = resources.find((one) => one === secret.owner);
      if (owner === undefined || (which === "parameters" && !given.some((value) => mentions(value, secret))))
        continue;
      wanted.set(owner, [...(wanted.get(owner) ?? []), wantedOf(vault, secret)]);
    }
  }
  return wanted;
}

const wantedOf = (vault: AzureKeyVault, secret: SecretOutput): WantedSecret => ({
  name: secret.secretName,
  vault: vault.name,
  known: (value) => secret.value.set(value),
  failed: (error) => secret.value.fail(error),
});

const mentions = (value: Value, secret: SecretOutput): boolean =>
  value instanceof SecretOutput ? value === secret : value.published.includes(secret.published);
