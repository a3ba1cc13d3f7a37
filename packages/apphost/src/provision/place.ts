import type { Cloud } from "./cloud.ts";
import type { Scope } from "./unit.ts";

/** Where a template is deployed, with nothing left open. */
export type Place =
  | { readonly kind: "group"; readonly subscription: string; readonly group: string }
  | { readonly kind: "subscription"; readonly subscription: string }
  | { readonly kind: "tenant" };

/** A scope with what it leaves open filled in. */
export function placeOf(scope: Scope, own: { readonly subscription: string; readonly group: string }): Place {
  switch (scope.kind) {
    case "group":
      return {
        kind: "group",
        subscription: scope.subscription ?? own.subscription,
        group: scope.group ?? own.group,
      };
    case "subscription":
      return { kind: "subscription", subscription: scope.subscription ?? own.subscription };
    case "tenant":
      return { kind: "tenant" };
  }
}

/** Id of a place, which is also its path: `/subscriptions/…/resourceGroups/…`; empty for a tenant. */
export function idOf(place: Place): string {
  switch (place.kind) {
    case "group":
      return `${idOf({ kind: "subscription", subscription: place.subscription })}/resourceGroups/${encodeURIComponent(place.group)}`;
    case "subscription":
      return `/subscriptions/${encodeURIComponent(place.subscription)}`;
    case "tenant":
      return "";
  }
}

/** Id of a deployment in a place. */
export function deploymentId(place: Place, name: string): string {
  return `${idOf(place)}/providers/Microsoft.Resources/deployments/${encodeURIComponent(name)}`;
}

/** The page of a deployment in the portal. */
export function portalLink(cloud: Cloud, deployment: string): string {
  return `${cloud.portal}/#view/HubsExtension/DeploymentDetailsBlade/~/overview/id/${encodeURIComponent(deployment)}`;
}

/** A place for people: `group rg (subscription 0000…)`. */
export function placeText(place: Place): string {
  if (place.kind === "group") return `group ${place.group}`;
  return place.kind === "subscription" ? `subscription ${place.subscription}` : "the tenant";
}
