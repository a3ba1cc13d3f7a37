import { fault } from "../../../model/fault.ts";
import type { Output } from "../../../model/output.ts";
import type { ParameterResource } from "../../../model/parameter.ts";
import { Resource } from "../../../model/resource.ts";
import { bicepSymbol } from "../../../names/symbol.ts";
import type { AzureResource } from "../azure-resource.ts";
import { AzurePrivateDnsZone } from "./private-dns-zone.ts";
import { AzurePrivateEndpoint } from "./private-endpoint.ts";
import type { AzureRouteTable } from "./route-table.ts";
import type { AzureNetworkSecurityGroup } from "./security-group.ts";
import type { AzureVirtualNetwork } from "./virtual-network.ts";

/** A cache inside of a subnet, for those who share the subnet. */
export interface CacheInside extends Resource {
  size(): { readonly shards?: number; readonly replicasPerPrimary?: number };
  staticIp(): string | undefined;
}

/** A subnet, which is a part of its network's module. */
export class AzureSubnet extends Resource {
  readonly type = "azure-subnet";
  readonly network: AzureVirtualNetwork;
  readonly prefix: string | ParameterResource;
  /** Its name in Azure. */
  readonly subnetName: string;
  /** The caches that are inside of it. */
  readonly caches = new Set<CacheInside>();
  /** The private endpoints that have an address of it. */
  readonly privateEndpoints: AzurePrivateEndpoint[] = [];
  #networkSecurityGroup: AzureNetworkSecurityGroup | undefined;
  #routeTable: AzureRouteTable | undefined;

  constructor(
    network: AzureVirtualNetwork,
    name: string,
    prefix: string | ParameterResource,
    subnetName: string,
  ) {
    super(network.app, name);
    this.network = network;
    this.prefix = prefix;
    this.subnetName = subnetName;
    this.parent = network;
    this.icon = "Router";
    this.excludedFromManifest = true;
  }

  get symbol(): string {
    return bicepSymbol(this.name);
  }

  /** Its id in Azure, an output of the network. */
  id(): Output {
    return this.network.output(`${this.symbol}_Id`);
  }

  get networkSecurityGroup(): AzureNetworkSecurityGroup | undefined {
    return this.#networkSecurityGroup;
  }

  get routeTable(): AzureRouteTable | undefined {
    return this.#routeTable;
  }

  /** Its traffic is filtered by a group; several subnets can share one. The last call counts. */
  withNetworkSecurityGroup(group: AzureNetworkSecurityGroup): this {
    this.#networkSecurityGroup = group;
    return this;
  }

  /** Its traffic takes the routes of a table; several subnets can share one. The last call counts. */
  withRouteTable(table: AzureRouteTable): this {
    this.#routeTable = table;
    return this;
  }

  /**
   * Gives a resource an address in this subnet, and a name in a private DNS zone, which is made once for each kind; its public access
   * is off then, unless `configureInfrastructure` says otherwise. When the app runs on this machine nothing of it is made, so that
   * the resource can be reached.
   * @throws RedoubtError `APP_MODEL` for a resource that cannot have private endpoints
   */
  addPrivateEndpoint(target: AzureResource): AzurePrivateEndpoint {
    const link = target.privateLink;
    if (link === undefined)
      throw fault("APP_MODEL", `"${target.name}" (${target.type}) cannot have a private endpoint`, {
        hint: "Private endpoints lead to caches and Key Vaults.",
      });
    const { app, network } = this;
    const name = `${this.name}-${target.name}-pe`;
    if (app.mode === "run")
      return new AzurePrivateEndpoint(app, name, this, target, new AzurePrivateDnsZone(app, link.zone));
    const zoneName = link.zone.replaceAll(".", "-");
    const known = app.find(zoneName);
    const zone =
      known instanceof AzurePrivateDnsZone ? known : app.add(new AzurePrivateDnsZone(app, link.zone));
    zone.linkTo(network);
    const endpoint = app.add(new AzurePrivateEndpoint(app, name, this, target, zone));
    target.privateEndpoints.push(endpoint);
    this.privateEndpoints.push(endpoint);
    return endpoint;
  }
}
