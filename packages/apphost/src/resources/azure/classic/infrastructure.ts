import { azureName, Infrastructure } from "../infrastructure.ts";
import type { ClassicCache, ClassicSku } from "./shape.ts";

/** What `configureInfrastructure` of a classic cache gets. */
export class ClassicRedisInfrastructure extends Infrastructure {
  readonly cache: ClassicCache;

  constructor(name: string, preset: Partial<ClassicCache> & { readonly sku: ClassicSku }) {
    super(name);
    this.cache = {
      symbol: this.symbol,
      name: azureName(this.symbol, 63),
      location: this.location,
      enableNonSslPort: false,
      minimumTlsVersion: "1.2",
      redisConfiguration: {},
      zones: [],
      identities: [],
      tenantSettings: {},
      tags: { "aspire-resource-name": name },
      ...preset,
    };
  }
}
