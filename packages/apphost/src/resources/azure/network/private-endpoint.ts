import type { App } from "../../../model/app.ts";
import { ref } from "../../../template/expr.ts";
import { AzureModule } from "../azure-module.ts";
import type { AzureResource } from "../azure-resource.ts";
import { azureName, Infrastructure } from "../infrastructure.ts";
import type { AzurePrivateDnsZone } from "./private-dns-zone.ts";
import type { AzureSubnet } from "./subnet.ts";

/** An address in a subnet that leads to a resource, and the name of that resource in a private DNS zone. */
export class AzurePrivateEndpoint extends AzureModule {
  readonly type = "azure-private-endpoint";
  readonly azure = { type: "Microsoft.Network/privateEndpoints", apiVersion: "2025-05-01" };
  readonly subnet: AzureSubnet;
  readonly target: AzureResource;
  readonly zone: AzurePrivateDnsZone;

  constructor(app: App, name: string, subnet: AzureSubnet, target: AzureResource, zone: AzurePrivateDnsZone) {
    super(app, name);
    this.subnet = subnet;
    this.target = target;
    this.zone = zone;
  }

  protected create(): Infrastructure {
    return new Infrastructure(this.name);
  }

  protected declare(infrastructure: Infrastructure): void {
    const { symbol, azure, name, zone, target } = this;
    const zoneRef = zone.declareIn(infrastructure, undefined);
    const subnetId = infrastructure.use(this.subnet.id());
    this.declareMain(infrastructure, azureName(symbol, 64, true), {
      location: infrastructure.location,
      properties: {
        privateLinkServiceConnections: [
          {
            properties: {
              privateLinkServiceId: infrastructure.use(target.id()),
              groupIds: [target.privateLink?.group],
            },
            name: `${name}-connection`,
          },
        ],
        subnet: { id: subnetId },
      },
      tags: { "aspire-resource-name": name },
    });
    infrastructure.add({
      symbol: `${symbol}_dnsgroup`,
      type: `${azure.type}/privateDnsZoneGroups`,
      apiVersion: azure.apiVersion,
      name: "default",
      body: {
        properties: {
          privateDnsZoneConfigs: [{ name: zone.symbol, properties: { privateDnsZoneId: zoneRef.get("id") } }],
        },
      },
      parent: symbol,
    });
    infrastructure.output("id", ref(symbol, "id"));
    infrastructure.output("name", ref(symbol, "name"));
  }
}
