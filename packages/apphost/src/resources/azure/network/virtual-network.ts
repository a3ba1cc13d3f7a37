import type { App } from "../../../model/app.ts";
import type { ParameterResource } from "../../../model/parameter.ts";
import { type Input, ref } from "../../../template/expr.ts";
import { AzureModule } from "../azure-module.ts";
import { azureName, Infrastructure } from "../infrastructure.ts";
import { known, type Setting } from "../setting.ts";
import { judgeTags } from "../tags.ts";
import type { Finding } from "../violation.ts";
import { judgeNetwork } from "./judge.ts";
import { AzureSubnet } from "./subnet.ts";

/** Settings of a virtual network. Source: the schema of `Microsoft.Network/virtualNetworks@2025-05-01`. */
export interface VirtualNetworkSettings {
  readonly symbol: string;
  name: Setting<string>;
  location: Setting<string>;
  addressPrefixes: Setting<string>[];
  /** Addresses of the network's own DNS servers. Default: none, Azure's. */
  dnsServers: Setting<string>[];
  tags: Record<string, Setting<string>>;
}

/** What `configureInfrastructure` of a virtual network gets. */
export class VirtualNetworkInfrastructure extends Infrastructure {
  readonly network: VirtualNetworkSettings;

  constructor(name: string, prefix: string | ParameterResource) {
    super(name);
    this.network = {
      symbol: this.symbol,
      name: azureName(this.symbol, 64, true),
      location: this.location,
      addressPrefixes: [typeof prefix === "string" ? prefix : this.use(prefix)],
      dnsServers: [],
      tags: { "aspire-resource-name": name },
    };
  }
}

/**
 * A virtual network with its subnets. When the app runs on this machine it is not made: this machine is not in it, and what is
 * behind it could not be reached.
 */
export class AzureVirtualNetwork extends AzureModule<VirtualNetworkInfrastructure> {
  readonly type = "azure-virtual-network";
  readonly azure = { type: "Microsoft.Network/virtualNetworks", apiVersion: "2025-05-01" };
  /** Its address space. */
  readonly prefix: string | ParameterResource;
  readonly #subnets: AzureSubnet[] = [];

  constructor(app: App, name: string, prefix: string | ParameterResource = "10.0.0.0/16") {
    super(app, name);
    this.prefix = prefix;
    this.icon = "Router";
  }

  get subnets(): readonly AzureSubnet[] {
    return this.#subnets;
  }

  /**
   * Adds a subnet.
   * @param prefix inside of the network's: text, or a parameter
   * @param subnetName its name in Azure. Default: its name here
   */
  addSubnet(name: string, prefix: string | ParameterResource, subnetName: string = name): AzureSubnet {
    const subnet = new AzureSubnet(this, name, prefix, subnetName);
    this.#subnets.push(subnet);
    return this.app.mode === "publish" ? this.app.add(subnet) : subnet;
  }

  /** Its region, where the file says it; `undefined` for that of the resource group. */
  region(): string | undefined {
    return known(this.settings().network.location);
  }

  protected create(): VirtualNetworkInfrastructure {
    return new VirtualNetworkInfrastructure(this.name, this.prefix);
  }

  protected declare(infrastructure: VirtualNetworkInfrastructure): void {
    const { symbol, azure } = this;
    const { network } = infrastructure;
    this.declareMain(infrastructure, network.name, {
      properties: {
        addressSpace: { addressPrefixes: network.addressPrefixes },
        dhcpOptions: network.dnsServers.length === 0 ? undefined : { dnsServers: network.dnsServers },
      },
      location: network.location,
      tags: network.tags,
    });
    let before: string | undefined;
    for (const subnet of this.#subnets) {
      infrastructure.add({
        symbol: subnet.symbol,
        type: `${azure.type}/subnets`,
        apiVersion: azure.apiVersion,
        name: subnet.subnetName,
        body: { properties: subnetProperties(subnet, infrastructure) },
        parent: symbol,
        // Azure refuses two changes of one network at a time.
        ...(before === undefined ? {} : { dependsOn: [before] }),
      });
      infrastructure.output(`${subnet.symbol}_Id`, ref(subnet.symbol, "id"));
      before = subnet.symbol;
    }
    infrastructure.output("id", ref(symbol, "id"));
    infrastructure.output("name", ref(symbol, "name"));
  }

  protected override *findings({ network }: VirtualNetworkInfrastructure): Generator<Finding> {
    yield* judgeNetwork(this, network);
    yield* judgeTags("network.tags", network.tags);
  }
}

function subnetProperties(subnet: AzureSubnet, infrastructure: Infrastructure): { [name: string]: Input } {
  const { prefix, networkSecurityGroup, routeTable } = subnet;
  return {
    addressPrefix: typeof prefix === "string" ? prefix : infrastructure.use(prefix),
    networkSecurityGroup: networkSecurityGroup && { id: infrastructure.use(networkSecurityGroup.id()) },
    routeTable: routeTable && { id: infrastructure.use(routeTable.id()) },
  };
}
