import { hasConnectionString } from "../../model/connection.ts";
import { ParameterResource } from "../../model/parameter.ts";
import type { Resource } from "../../model/resource.ts";
import { AzureResource } from "../../resources/azure/azure-resource.ts";
import { ContainerResource } from "../../resources/container.ts";
import { ExecutableResource } from "../../resources/executable.ts";
import { RedisResource } from "../../resources/redis.ts";
import { TunnelResource } from "../../resources/tunnel.ts";
import type { ContainerHost } from "../containers/container-host.ts";
import type { Runner } from "../life/runner.ts";
import { AzureRunner } from "./azure-runner.ts";
import { ContainerRunner } from "./container-runner.ts";
import { IdleRunner } from "./idle-runner.ts";
import { ParameterRunner } from "./parameter-runner.ts";
import { ProgramRunner } from "./program-runner.ts";
import { RedisRunner } from "./redis-runner.ts";
import { TokenRedisRunner } from "./token-redis-runner.ts";
import { TunnelRunner } from "./tunnel-runner.ts";
import { ValueRunner } from "./value-runner.ts";
import type { Workshop } from "./workshop.ts";

/** How a resource is brought to life on this machine. */
export function runnerFor(resource: Resource, workshop: Workshop, containers: ContainerHost): Runner {
  // A Redis is a container where it is published only, and so is asked for first.
  if (resource instanceof RedisResource)
    return resource.simulatedIdentity === undefined
      ? new RedisRunner(resource, workshop)
      : new TokenRedisRunner(resource, resource.simulatedIdentity, workshop);
  if (resource instanceof ContainerResource) return new ContainerRunner(resource, workshop, containers);
  if (resource instanceof ExecutableResource) return new ProgramRunner(resource, workshop);
  if (resource instanceof TunnelResource) return new TunnelRunner(resource, workshop);
  if (resource instanceof AzureResource) return new AzureRunner(resource, workshop.azure);
  if (resource instanceof ParameterResource) return new ParameterRunner(resource, workshop);
  if (hasConnectionString(resource)) return new ValueRunner(resource, workshop);
  return new IdleRunner();
}
