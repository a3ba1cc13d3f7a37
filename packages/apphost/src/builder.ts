import { BuiltApp } from "./built-app.ts";
import type { AppOptions } from "./model/app.ts";
import { callSite } from "./model/call-site.ts";
import { AzureBuilder } from "./resources/azure/azure-builder.ts";

/**
 * An app that is being described: `add…` adds a resource. What is wrong with the description is told at the call (`APP_NAME`,
 * `APP_MODEL`, `APP_REFERENCE`, `APP_PARAMETER`); what goes wrong with the app later, when it is done (`APP_RESOURCE_FAILED`,
 * `APP_PUBLISH`, `APP_DEPLOY`).
 */
export class Builder extends AzureBuilder {
  /** Ends the description. @throws RedoubtError `APP_MODEL` for resources that wait for each other */
  build(): BuiltApp {
    return new BuiltApp(this);
  }
}

/**
 * Begins an app. Its file is the one that calls.
 *
 * ```ts text
 * const builder = createBuilder();
 * const cache = builder.addRedis("cache");
 * builder.addNodeApp("api", "./api", "server.ts").withHttpEndpoint({ env: "PORT" }).withReference(cache).waitFor(cache);
 * ```
 * @throws RedoubtError `APP_MODEL`, `CONFIG_FILE`, `CONFIG_SYNTAX`
 */
export function createBuilder(options: AppOptions = {}): Builder {
  const file = options.file ?? callSite().file;
  return new Builder({ ...options, ...(file !== null && { file }) });
}
