import type { App } from "../../../model/app.ts";
import { ref } from "../../../template/expr.ts";
import { AzureModule } from "../azure-module.ts";
import { Infrastructure } from "../infrastructure.ts";
import type { AzureVirtualNetwork } from "./virtual-network.ts";

/** A private DNS zone, by which private endpoints are found, with its links to the networks that it answers to. */
export class AzurePrivateDnsZone extends AzureModule {
  readonly type = "azure-private-dns-zone";
  readonly azure = { type: "Microsoft.Network/privateDnsZones", apiVersion: "2024-06-01" };
  /** `privatelink.redis.azure.net` */
  readonly zone: string;
  readonly #networks = new Set<AzureVirtualNetwork>();

  constructor(app: App, zone: string) {
    super(app, zone.replaceAll(".", "-"));
    this.zone = zone;
  }

  /** Makes it answer to a network. Twice is once. */
  linkTo(network: AzureVirtualNetwork): void {
    this.#networks.add(network);
  }

  protected create(): Infrastructure {
    return new Infrastructure(this.name);
  }

  protected declare(infrastructure: Infrastructure): void {
    const { symbol, azure, zone, name } = this;
    this.declareMain(infrastructure, zone, {
      location: "global",
      tags: { "aspire-resource-name": name },
    });
    for (const network of this.#networks)
      infrastructure.add({
        symbol: `${network.symbol}_link`,
        type: `${azure.type}/virtualNetworkLinks`,
        apiVersion: azure.apiVersion,
        name: `${network.name}-link`,
        body: {
          location: "global",
          properties: {
            registrationEnabled: false,
            virtualNetwork: { id: infrastructure.use(network.id()) },
          },
          tags: { "aspire-resource-name": `${name}-${network.name}-link` },
        },
        parent: symbol,
      });
    infrastructure.output("id", ref(symbol, "id"));
    infrastructure.output("name", zone);
  }
}
