import { Output } from "../../model/output.ts";
import type { ParameterResource } from "../../model/parameter.ts";
import type { Value } from "../../model/value.ts";
import { call, type Expr, type Input, lit } from "../../template/expr.ts";
import type { Infrastructure } from "./infrastructure.ts";

/** A name in Azure: text, a parameter of the app, or an output of another resource. */
export type AzureName = string | ParameterResource | Output;

/** Where a module is deployed, when that is not the resource group of the app. */
export interface DeploymentScope {
  readonly resourceGroup?: AzureName | undefined;
  /** Alone, the module is deployed to the subscription itself. */
  readonly subscription?: AzureName | undefined;
  /** The module is deployed to the tenant. */
  readonly tenant?: boolean | undefined;
}

/** A resource that exists already: its name and where it is. Nothing of it is changed. */
export interface ExistingScope extends DeploymentScope {
  readonly name: AzureName;
}

/** Where an existing resource is: text or a parameter for the group, or group and subscription. */
export type ExistingPlace =
  | AzureName
  | { readonly resourceGroup?: AzureName | undefined; readonly subscription?: AzureName | undefined };

/** The second argument of `asExisting` in one form. */
export function placeOf(place: ExistingPlace | undefined): DeploymentScope {
  if (place === undefined) return {};
  return isName(place)
    ? { resourceGroup: place }
    : { resourceGroup: place.resourceGroup, subscription: place.subscription };
}

/** The scope that the deployment of an existing resource has; `undefined` for the app's own resource group. */
export function scopeOf(existing: ExistingScope | undefined): DeploymentScope | undefined {
  if (existing === undefined) return undefined;
  const { resourceGroup, subscription, tenant } = existing;
  if (resourceGroup === undefined && subscription === undefined && tenant !== true) return undefined;
  return { resourceGroup, subscription, tenant };
}

/** A name as a setting of a module: text stays text, everything else becomes a parameter. */
export function nameIn(infrastructure: Infrastructure, name: AzureName): Expr {
  return typeof name === "string" ? lit(name) : infrastructure.use(name);
}

/** Values that must be known before the scope is. */
export function needsOf(scope: ExistingScope | DeploymentScope | undefined): readonly Value[] {
  if (scope === undefined) return [];
  const names = ["name" in scope ? scope.name : undefined, scope.resourceGroup, scope.subscription];
  return names.filter(
    (name): name is ParameterResource | Output => name !== undefined && typeof name !== "string",
  );
}

/** `resourceGroup(…)`, `subscription(…)` or `tenant()`, for a resource that is elsewhere than the module which speaks of it. */
export function scopeExpression(infrastructure: Infrastructure, scope: DeploymentScope): Expr {
  if (scope.tenant === true) return call("tenant");
  const { resourceGroup, subscription } = scope;
  const place: Input[] = [subscription, resourceGroup]
    .filter((name) => name !== undefined)
    .map((name) => nameIn(infrastructure, name));
  return call(resourceGroup === undefined ? "subscription" : "resourceGroup", ...place);
}

/**
 * Where an existing resource is, for a module that speaks of it.
 * @param from where the module is deployed; nothing has to be said of the same place
 */
export function placeIn(
  infrastructure: Infrastructure,
  existing: ExistingScope | undefined,
  from: DeploymentScope | undefined,
): Expr | undefined {
  const scope = scopeOf(existing);
  return scope === undefined || sameScope(scope, from) ? undefined : scopeExpression(infrastructure, scope);
}

/** Whether two scopes are the same place. */
export function sameScope(one: DeploymentScope | undefined, other: DeploymentScope | undefined): boolean {
  return (
    sameName(one?.resourceGroup, other?.resourceGroup) &&
    sameName(one?.subscription, other?.subscription) &&
    (one?.tenant === true) === (other?.tenant === true)
  );
}

function sameName(one: AzureName | undefined, other: AzureName | undefined): boolean {
  if (typeof one === "object" && typeof other === "object") return one.published === other.published;
  return one === other;
}

function isName(place: ExistingPlace): place is AzureName {
  return typeof place === "string" || place instanceof Output || "published" in place;
}
