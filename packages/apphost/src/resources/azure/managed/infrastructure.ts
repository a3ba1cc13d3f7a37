import { azureName, Infrastructure } from "../infrastructure.ts";
import type { ManagedCluster, ManagedDatabase } from "./shape.ts";

/** What `configureInfrastructure` of an Azure Managed Redis gets: settings of the cluster and of its database. */
export class ManagedRedisInfrastructure extends Infrastructure {
  readonly cluster: ManagedCluster;
  readonly database: ManagedDatabase;

  constructor(name: string, options: { readonly keys: boolean; readonly privately: boolean }) {
    super(name);
    this.cluster = {
      symbol: this.symbol,
      name: azureName(this.symbol, 60),
      location: this.location,
      sku: { name: "Balanced_B0" },
      minimumTlsVersion: "1.2",
      publicNetworkAccess: options.privately ? "Disabled" : "Enabled",
      identities: [],
      tags: {},
      zones: [],
    };
    this.database = {
      symbol: `${this.symbol}_default`,
      name: "default",
      port: 10_000,
      accessKeysAuthentication: options.keys ? "Enabled" : "Disabled",
      modules: [],
    };
  }
}
