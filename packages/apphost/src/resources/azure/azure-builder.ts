import type { ParameterResource } from "../../model/parameter.ts";
import type { Resource } from "../../model/resource.ts";
import { LocalBuilder } from "../local-builder.ts";
import { AzureClassicRedis, type ClassicRedisOptions } from "./classic/classic-redis.ts";
import { AzureContainerAppEnvironment } from "./compute/container-app-environment.ts";
import { AzureFreeModule } from "./free-module.ts";
import { AzureUserAssignedIdentity } from "./identity.ts";
import type { Infrastructure } from "./infrastructure.ts";
import { AzureKeyVault } from "./key-vault.ts";
import { AzureManagedRedis } from "./managed/managed-redis.ts";
import { AzureRouteTable, type Route } from "./network/route-table.ts";
import { AzureNetworkSecurityGroup } from "./network/security-group.ts";
import { AzureVirtualNetwork } from "./network/virtual-network.ts";

/** Everything that can be added to an app and is in Azure. */
export class AzureBuilder extends LocalBuilder {
  /**
   * An Azure Managed Redis, with Microsoft Entra ID and TLS on port 10000. Provisioned when the app runs here, unless
   * `runLocally()` puts a real Redis of this machine in its place.
   * @throws RedoubtError `APP_NAME`
   */
  addAzureManagedRedis(name: string): AzureManagedRedis {
    return this.add(new AzureManagedRedis(this, name));
  }

  /** {@link addAzureManagedRedis}, as upstream called it before. */
  addAzureRedisEnterprise(name: string): AzureManagedRedis {
    return this.addAzureManagedRedis(name);
  }

  /**
   * An Azure Cache for Redis, the classic product.
   * @deprecated It retires on 2028-09-30, and new customers cannot create one since 2026-04-01: {@link addAzureManagedRedis}.
   * @throws RedoubtError `APP_NAME`
   */
  addAzureRedis(name: string, options: ClassicRedisOptions = {}): AzureClassicRedis {
    return this.add(new AzureClassicRedis(this, name, options));
  }

  /** A Key Vault, whose secrets programs that refer to it may read. @throws RedoubtError `APP_NAME` */
  addAzureKeyVault(name: string): AzureKeyVault {
    return this.add(new AzureKeyVault(this, name));
  }

  /** An identity for programs that share one, or that is chosen. @throws RedoubtError `APP_NAME` */
  addAzureUserAssignedIdentity(name: string): AzureUserAssignedIdentity {
    return this.add(new AzureUserAssignedIdentity(this, name));
  }

  /**
   * A virtual network; subnets are added to it. Only when the app is published: this machine is not in it.
   * @param prefix its address space. Default `10.0.0.0/16`
   * @throws RedoubtError `APP_NAME`
   */
  addAzureVirtualNetwork(name: string, prefix?: string | ParameterResource): AzureVirtualNetwork {
    return this.#published(new AzureVirtualNetwork(this, name, prefix));
  }

  /** A network security group, for subnets. Only when the app is published. @throws RedoubtError `APP_NAME` */
  addAzureNetworkSecurityGroup(name: string): AzureNetworkSecurityGroup {
    return this.#published(new AzureNetworkSecurityGroup(this, name));
  }

  /** A table of routes, for subnets. Only when the app is published. @throws RedoubtError `APP_NAME` */
  addAzureRouteTable(name: string, routes: readonly Route[] = []): AzureRouteTable {
    return this.#published(new AzureRouteTable(this, name, routes));
  }

  /**
   * A module of the app's own, for what there is no kind for.
   * @param configure declares parameters, resources and outputs
   * @throws RedoubtError `APP_NAME`
   */
  addAzureInfrastructure(name: string, configure: (infrastructure: Infrastructure) => void): AzureFreeModule {
    return this.add(new AzureFreeModule(this, name)).configureInfrastructure(configure);
  }

  /**
   * Where programs run in Azure. Each that refers to something in Azure then has an identity of its own, and by it access.
   * Only when the app is published. @throws RedoubtError `APP_NAME`
   */
  addAzureContainerAppEnvironment(name: string): AzureContainerAppEnvironment {
    const environment = this.#published(new AzureContainerAppEnvironment(this, name));
    this.#published(environment.registry);
    return environment;
  }

  #published<R extends Resource>(resource: R): R {
    return this.mode === "publish" ? this.add(resource) : resource;
  }
}
