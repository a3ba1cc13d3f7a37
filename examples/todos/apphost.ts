// The todo service and its Redis. `redoubt run` here; see docs/guide/apphost.md.
import { createBuilder } from "@redoubt/apphost";

const builder = createBuilder();

const cache = builder.addRedis("cache").withDataVolume();

builder
  .addNodeApp("todos", ".", "src/service.ts")
  .withHttpEndpoint({ env: "PORT" })
  .withExternalHttpEndpoints()
  .withHttpHealthCheck({ path: "/ready" })
  .withReference(cache)
  .waitFor(cache);

await builder.build().run();
