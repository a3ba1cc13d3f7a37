import type { App } from "../../../model/app.ts";
import { collectNeeds } from "../../../model/environment.ts";
import { fault } from "../../../model/fault.ts";
import { Workload } from "../../../model/workload.ts";
import { AzureResource } from "../azure-resource.ts";
import { AzureUserAssignedIdentity } from "../identity.ts";
import type { Role } from "../principal.ts";
import { AzureRedis } from "../redis.ts";
import { AzureRoleAssignments } from "../role-assignments.ts";
import { AzureContainerAppEnvironment } from "./container-app-environment.ts";

/** A program that needs access to something in Azure. */
interface Need {
  readonly workload: Workload;
  readonly identity: AzureUserAssignedIdentity;
  readonly roles: readonly Role[];
}

/**
 * Adds to an app what gives access to its resources in Azure, when everything else is said: modules that assign roles, and, where
 * there is an environment that programs run in, an identity for each program that refers to something in Azure. What was added
 * before is not added again.
 *
 * In run mode it is whoever runs the app who is given access, `{resource}-roles`. Published without an environment it is the
 * principal that whoever deploys names. Otherwise it is the programs' identities, `{app}-roles-{resource}`; where several would
 * change one Redis, which Azure refuses to do at the same time, one module `{resource}-roles` does it for all of them in turn.
 *
 * @throws RedoubtError `APP_MODEL` for identities or roles of programs without an environment
 */
export async function addAzureAccess(app: App, signal?: AbortSignal): Promise<void> {
  const targets = app.resources.filter(
    (one): one is AzureResource =>
      one instanceof AzureResource && one.roles !== undefined && !one.excludedFromManifest,
  );
  if (app.mode === "run" || !hasEnvironment(app)) {
    if (app.mode === "publish") refuseIdentities(app);
    for (const target of targets) addOnce(app, `${target.name}-roles`, target, target.roles ?? []);
    return;
  }
  const needs = new Map<AzureResource, Need[]>();
  const workloads = app.resources.filter(
    (one): one is Workload => one instanceof Workload && !one.excludedFromManifest,
  );
  for (const workload of workloads) await addNeeds(workload, needs, signal);
  for (const [target, all] of needs) {
    const identities = new Map<string, AzureUserAssignedIdentity>();
    for (const { workload, identity } of all)
      if (![...identities.values()].includes(identity)) identities.set(workload.name, identity);
    if (target instanceof AzureRedis && identities.size > 1)
      addOnce(app, `${target.name}-roles`, target, [], identities);
    else
      for (const [name, identity] of identities) {
        const roles = new Set(all.filter((need) => need.identity === identity).flatMap((need) => need.roles));
        addOnce(app, `${name}-roles-${target.name}`, target, [...roles], new Map([[name, identity]]));
      }
  }
}

function hasEnvironment(app: App): boolean {
  return app.resources.some((one) => one instanceof AzureContainerAppEnvironment);
}

async function addNeeds(
  workload: Workload,
  needs: Map<AzureResource, Need[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { app } = workload;
  const wanted = workload.roleAssignments;
  const referred = [...(await collectNeeds(workload, signal))].filter((one) => one instanceof AzureResource);
  const targets = new Set<AzureResource>([
    ...referred.filter(({ roles }) => roles !== undefined),
    ...wanted.map(({ target }) => target).filter((one) => one instanceof AzureResource),
  ]);
  if (targets.size === 0) return;
  const identity = identityOf(workload);
  app.add(identity);
  for (const target of targets) {
    const own = wanted.filter((one) => one.target === target);
    const roles = own.length > 0 ? own.flatMap((one) => one.roles) : (target.roles ?? []);
    needs.set(target, [...(needs.get(target) ?? []), { workload, identity, roles }]);
  }
}

function identityOf(workload: Workload): AzureUserAssignedIdentity {
  const { app, identity } = workload;
  if (identity instanceof AzureUserAssignedIdentity) return identity;
  const name = `${workload.name}-identity`;
  const known = app.find(name);
  const made = known instanceof AzureUserAssignedIdentity ? known : new AzureUserAssignedIdentity(app, name);
  workload.withAzureUserAssignedIdentity(made);
  return made;
}

function refuseIdentities(app: App): void {
  for (const workload of app.resources) {
    if (!(workload instanceof Workload)) continue;
    const what =
      workload.identity !== undefined
        ? "an identity"
        : workload.roleAssignments.length > 0
          ? "roles"
          : undefined;
    if (what === undefined) continue;
    throw fault("APP_MODEL", `"${workload.name}" is given ${what}, and nothing says where it runs in Azure`, {
      at: workload.madeAt,
      hint: "Add an environment: addAzureContainerAppEnvironment(name).",
    });
  }
}

function addOnce(
  app: App,
  name: string,
  target: AzureResource,
  roles: readonly Role[],
  identities?: ReadonlyMap<string, AzureUserAssignedIdentity>,
): void {
  if (app.find(name) instanceof AzureRoleAssignments) return;
  app.add(new AzureRoleAssignments(app, name, target, roles, identities));
}
