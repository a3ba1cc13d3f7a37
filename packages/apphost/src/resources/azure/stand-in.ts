import type { App } from "../../model/app.ts";
import type { AppEventMap, EventHandler, ResourceEventName } from "../../model/events.ts";
import type { Resource } from "../../model/resource.ts";

/** What can be said about a resource before and after something else takes its place. */
const lists = [
  "waits",
  "healthChecks",
  "commands",
  "relationships",
  "urls",
  "connectionOverrides",
] as const satisfies readonly (keyof Resource)[];

/**
 * Puts a local resource in the place of one in Azure: in the app it is the one of that name, and what was said and will be said about
 * the one in Azure (checks, commands, waits…) is said about the local one.
 */
export function takePlace(azure: Resource, local: Resource): void {
  const app: App = azure.app;
  app.remove(azure);
  app.add(local);
  for (const list of lists) {
    const said: readonly unknown[] = azure[list];
    (local[list] as unknown[]).push(...said);
    Object.defineProperty(azure, list, { value: local[list], enumerable: true });
  }
  for (const mark of ["parent", "icon"] as const) {
    const said = azure[mark];
    if (said !== undefined) Object.assign(local, { [mark]: said });
  }
  for (const mark of ["hidden", "explicitStart"] as const) if (azure[mark]) local[mark] = true;
}

/** Calls a handler for a resource or what has taken its place by then. */
export function onEither<N extends ResourceEventName>(
  resource: Resource & { readonly standIn?: Resource | undefined },
  event: N,
  handler: EventHandler<AppEventMap[N]>,
): void {
  resource.app.events.on(event, (about) =>
    about.resource === (resource.standIn ?? resource) ? handler(about) : undefined,
  );
}
