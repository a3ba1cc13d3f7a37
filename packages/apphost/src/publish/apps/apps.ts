import { RedoubtError } from "@redoubt/client";
import type { App } from "../../model/app.ts";
import { Workload } from "../../model/workload.ts";
import { AzureContainerAppEnvironment } from "../../resources/azure/compute/container-app-environment.ts";
import type { Violation } from "../../resources/azure/violation.ts";
import { ContainerResource } from "../../resources/container.ts";
import { TunnelResource } from "../../resources/tunnel.ts";
import { isBuilt } from "../dockerfile.ts";
import type { PortNumbers } from "../manifest/bindings.ts";
import { type AppModule, containerApp } from "./container-app.ts";

/** The programs of an app that run in its environment, and what is to be said about the others. */
export interface Apps {
  readonly modules: readonly AppModule[];
  readonly warnings: readonly Violation[];
}

/** A container app for every program with an image, where the app has an environment for them; none without one. */
export async function appsOf(app: App, ports: PortNumbers, signal?: AbortSignal): Promise<Apps> {
  const [environment, another] = app.resources.filter((one) => one instanceof AzureContainerAppEnvironment);
  if (environment === undefined) return { modules: [], warnings: [] };
  if (another !== undefined)
    throw new RedoubtError(
      "APP_PUBLISH",
      `"${environment.name}" and "${another.name}" are both environments, and nothing says which program runs where`,
      { hint: "Leave one of them out." },
    );
  const modules: AppModule[] = [];
  const warnings: Violation[] = [];
  for (const workload of app.resources) {
    if (
      !(workload instanceof Workload) ||
      workload.excludedFromManifest ||
      workload instanceof TunnelResource
    )
      continue;
    if (!(workload instanceof ContainerResource) && !isBuilt(workload)) {
      warnings.push({
        resource: workload.name,
        key: "type",
        severity: "warning",
        message: `A program of type ${workload.type} has no image, so it is not in "${environment.name}".`,
        fix: "Add it as a container or a Node app, or deploy it by other means.",
      });
      continue;
    }
    modules.push(await containerApp(workload, environment, ports, signal));
    if (workload instanceof ContainerResource && workload.mounts.length > 0)
      warnings.push({
        resource: workload.name,
        key: "mounts",
        severity: "warning",
        message: `${workload.mounts.map(({ target }) => target).join(", ")} is not kept in "${environment.name}": its files are gone with each replica.`,
        fix: "Use a managed Redis for data that has to last, or mount a share by other means.",
      });
  }
  return { modules, warnings };
}
