// The todo service and its Redis, on this machine and in Azure:
//
//     redoubt run              a real Redis of this machine, with TLS and a password
//     redoubt publish -o out   Bicep, ARM JSON and a manifest: Azure Managed Redis, Entra ID, no password
import { createBuilder } from "@redoubt/apphost";

const builder = createBuilder();
builder.addAzureContainerAppEnvironment("env");

const cache = builder
  .addAzureManagedRedis("cache")
  .runLocally((redis) => redis.withDataVolume())
  // The service uses a plain client: one endpoint that answers for all keys.
  .configureInfrastructure(({ database }) => {
    database.clusteringPolicy = "NoCluster";
  });

builder
  .addNodeApp("todos", ".", "src/service.ts")
  .withHttpEndpoint({ env: "PORT" })
  .withExternalHttpEndpoints()
  .withHttpHealthCheck({ path: "/ready" })
  // Here only this machine is let in; in Azure what is in front of the container.
  .withEnvironmentCallback(({ environment, mode }) => {
    if (mode === "publish") environment.set("HOST", "0.0.0.0");
  })
  .withReference(cache)
  .waitFor(cache);

await builder.build().run();
