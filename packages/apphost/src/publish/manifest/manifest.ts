import { relative, sep } from "node:path";
import type { App } from "../../model/app.ts";
import { hasConnectionString } from "../../model/connection.ts";
import { collectArguments, collectEnvironment } from "../../model/environment.ts";
import { ParameterResource } from "../../model/parameter.ts";
import type { Resource } from "../../model/resource.ts";
import type { Value } from "../../model/value.ts";
import type { Workload } from "../../model/workload.ts";
import { AzureResource } from "../../resources/azure/azure-resource.ts";
import { ConnectionStringResource } from "../../resources/connection-string.ts";
import { ContainerResource } from "../../resources/container.ts";
import { ExecutableResource } from "../../resources/executable.ts";
import type { AppModule } from "../apps/container-app.ts";
import { dockerfileName, isBuilt } from "../dockerfile.ts";
import { azureEntry, deploymentEntry } from "./azure.ts";
import { bindingsOf, type PortNumbers } from "./bindings.ts";
import { DerivedEntries } from "./derived.ts";
import type { Manifest, ManifestEntry } from "./entry.ts";
import { parameterEntry } from "./parameter.ts";
import { manifestSchemaId } from "./schema.ts";

/** What a manifest is written with. */
export interface ManifestOptions {
  /** Where the manifest will be; paths in it are relative to that. */
  readonly folder: string;
  readonly ports: PortNumbers;
  /** Programs with a module of their own. Default: none. */
  readonly apps?: readonly AppModule[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * `aspire-manifest.json`: every resource of the model that is not excluded, in the model's order; resources that others need and
 * that are not in it, and values that need a name of their own, come last.
 */
export async function manifestOf(app: App, options: ManifestOptions): Promise<Manifest> {
  const writer = new Writer(options);
  for (const resource of app.resources) await writer.add(resource);
  await writer.addNeeded();
  return { $schema: manifestSchemaId, resources: await writer.resources() };
}

class Writer {
  readonly #folder: string;
  readonly #signal: AbortSignal | undefined;
  readonly #apps: readonly AppModule[];
  readonly #entries = new Map<string, ManifestEntry>();
  readonly #derived = new DerivedEntries();
  readonly #ports: PortNumbers;
  readonly #needed = new Set<Resource>();

  constructor({ folder, ports, apps = [], signal }: ManifestOptions) {
    this.#folder = folder;
    this.#signal = signal;
    this.#apps = apps;
    this.#ports = ports;
  }

  async add(resource: Resource): Promise<void> {
    if (resource.excludedFromManifest || this.#entries.has(resource.name)) return;
    const entry = await this.#entry(resource);
    if (entry !== undefined) this.#entries.set(resource.name, entry);
  }

  /** Whatever the values so far need and the model does not have: parameters that nobody added. */
  async addNeeded(): Promise<void> {
    for (const resource of this.#needed) await this.add(resource);
  }

  /** Everything, with values that have a name of their own behind the parameter that they are made of, or at the end. */
  async resources(): Promise<Readonly<Record<string, ManifestEntry>>> {
    const encoded = this.#derived.encoded();
    const all = [...this.#entries].flatMap(([name, entry]) => [
      [name, entry] as const,
      ...encoded.filter(({ of }) => of === name).map((one) => [one.name, one.entry] as const),
    ]);
    const rest = encoded.filter(({ of }) => !this.#entries.has(of));
    return Object.fromEntries([
      ...all,
      ...rest.map((one) => [one.name, one.entry] as const),
      ...(await this.#derived.decided(this.#signal)),
    ]);
  }

  async #entry(resource: Resource): Promise<ManifestEntry | undefined> {
    if (resource instanceof AzureResource) {
      const { connectionString } = this.#connection(resource);
      return azureEntry(resource, connectionString, (value) => this.#published(value));
    }
    if (resource instanceof ParameterResource)
      return parameterEntry(resource, resource instanceof ConnectionStringResource);
    if (resource instanceof ContainerResource) return this.#container(resource);
    if (resource instanceof ExecutableResource) return this.#executable(resource);
    if (hasConnectionString(resource)) return { type: "value.v0", ...this.#connection(resource) };
    return undefined;
  }

  async #container(resource: ContainerResource): Promise<ManifestEntry> {
    const mounts = (kind: "bind" | "volume") => resource.mounts.filter((mount) => mount.kind === kind);
    const bound = mounts("bind").map(({ source, target, readOnly }) => ({
      source: this.#path(source),
      target,
      readOnly,
    }));
    const volumes = mounts("volume").map(({ source, target, readOnly }) => ({
      name: source,
      target,
      readOnly,
    }));
    const { args, ...rest } = await this.#run(resource);
    const deployment = this.#deployment(resource);
    return {
      type: "deployment" in deployment ? "container.v1" : "container.v0",
      ...this.#connection(resource),
      image: resource.imageReference,
      ...deployment,
      ...(resource.entrypoint !== undefined && { entrypoint: resource.entrypoint }),
      ...(args !== undefined && { args }),
      ...(bound.length > 0 && { bindMounts: bound }),
      ...(volumes.length > 0 && { volumes }),
      ...rest,
    };
  }

  async #executable(resource: ExecutableResource): Promise<ManifestEntry> {
    if (isBuilt(resource))
      return {
        type: "container.v1",
        ...this.#connection(resource),
        build: { context: this.#path(resource.workingDirectory), dockerfile: dockerfileName(resource) },
        ...this.#deployment(resource),
        ...(await this.#run(resource)),
      };
    return {
      type: "executable.v0",
      workingDirectory: this.#path(resource.workingDirectory),
      command: resource.command,
      ...(await this.#run(resource)),
    };
  }

  async #run(resource: Workload): Promise<{ args?: string[]; env?: object; bindings?: object }> {
    const args = await collectArguments(resource, this.#signal);
    const env = await collectEnvironment(resource, this.#signal);
    const bindings = bindingsOf(resource.endpoints, this.#ports);
    return {
      ...(args.length > 0 && { args: args.map((value) => this.#published(value)) }),
      ...(env.size > 0 && {
        env: Object.fromEntries([...env].map(([name, value]) => [name, this.#published(value)])),
      }),
      ...(bindings !== undefined && { bindings }),
    };
  }

  /** The module by which a program is deployed, where it has one. */
  #deployment(resource: Workload): { deployment?: ManifestEntry } {
    const app = this.#apps.find(({ workload }) => workload === resource);
    if (app === undefined) return {};
    return { deployment: deploymentEntry(resource.name, app.given, (value) => this.#published(value)) };
  }

  #connection(resource: Resource): { connectionString?: string } {
    return hasConnectionString(resource)
      ? { connectionString: this.#published(resource.connectionString()) }
      : {};
  }

  #published(value: Value): string {
    for (const resource of value.needs) this.#needed.add(resource);
    this.#derived.note(value);
    return value.published;
  }

  /** Relative to the manifest, with slashes. */
  #path(path: string): string {
    return relative(this.#folder, path).split(sep).join("/") || ".";
  }
}
