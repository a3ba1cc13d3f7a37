import type { PlannedRoute } from "@redoubt/network";
import type { App } from "../../../model/app.ts";
import { ref } from "../../../template/expr.ts";
import { AzureModule } from "../azure-module.ts";
import { azureName, Infrastructure } from "../infrastructure.ts";

/** A route of a table, as `planRoutes` of `@redoubt/network` plans it, or as somebody writes it. */
export interface Route extends Omit<PlannedRoute, "nextHop"> {
  readonly nextHop: "Internet" | "None" | "VirtualAppliance" | "VirtualNetworkGateway" | "VnetLocal";
  /** Of a `VirtualAppliance`. */
  readonly nextHopIpAddress?: string;
}

/** A table of routes that subnets take in place of Azure's own. */
export class AzureRouteTable extends AzureModule {
  readonly type = "azure-route-table";
  readonly azure = { type: "Microsoft.Network/routeTables", apiVersion: "2025-05-01" };
  readonly #routes: Route[] = [];

  constructor(app: App, name: string, routes: readonly Route[] = []) {
    super(app, name);
    this.#routes.push(...routes);
    this.icon = "Router";
  }

  get routes(): readonly Route[] {
    return this.#routes;
  }

  /** Adds a route. */
  withRoute(route: Route): this {
    this.#routes.push(route);
    return this;
  }

  protected create(): Infrastructure {
    return new Infrastructure(this.name);
  }

  protected declare(infrastructure: Infrastructure): void {
    const { symbol, name } = this;
    this.declareMain(infrastructure, azureName(symbol, 80, true), {
      location: infrastructure.location,
      properties: {
        routes: this.#routes.map((route) => ({
          name: route.name,
          properties: {
            addressPrefix: route.prefix,
            nextHopIpAddress: route.nextHopIpAddress,
            nextHopType: route.nextHop,
          },
        })),
      },
      tags: { "aspire-resource-name": name },
    });
    infrastructure.output("id", ref(symbol, "id"));
    infrastructure.output("name", ref(symbol, "name"));
  }
}
