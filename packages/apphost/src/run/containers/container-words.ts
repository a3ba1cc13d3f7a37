import type { Snapshot } from "../../model/snapshot.ts";
import type { ContainerResource } from "../../resources/container.ts";

/** Label by which the containers of an app are found again. */
export const appLabel = "redoubt.app";

/** What the engine is told to run. */
export interface ContainerPlan {
  readonly resource: ContainerResource;
  /** Name of the container. */
  readonly name: string;
  readonly identity: string;
  /** Network of the app, in which containers know each other by the names of their resources. */
  readonly network: string;
  /** The values of secret ones are in the environment of the engine's program, so that no secret is on a command line. */
  readonly variables: Snapshot["environment"];
  readonly args: readonly string[];
  readonly runtimeArgs: readonly string[];
}

/** Words of `docker run` for a container; it runs in the foreground, and is removed when it ends. */
export function runWords({ resource, name, identity, network, ...plan }: ContainerPlan): string[] {
  const ports = resource.endpoints.flatMap(({ allocated, targetPort }) => {
    const port = allocated.current?.port;
    return port === undefined ? [] : ["--publish", `127.0.0.1:${port}:${targetPort ?? port}`];
  });
  const mounts = resource.mounts.flatMap(({ kind, source, target, readOnly }) => [
    "--mount",
    `type=${kind},source=${quoteField(source)},target=${quoteField(target)}${readOnly ? ",readonly" : ""}`,
  ]);
  return [
    "run",
    "--rm",
    "--name",
    name,
    "--label",
    `${appLabel}=${identity}`,
    "--network",
    network,
    "--network-alias",
    resource.name,
    // Docker Desktop and Podman have the name by themselves; Docker on Linux only with this.
    "--add-host",
    "host.docker.internal:host-gateway",
    ...ports,
    ...mounts,
    ...plan.variables.flatMap(({ name: variable, value, secret }) => [
      "--env",
      secret ? variable : `${variable}=${value}`,
    ]),
    ...(resource.entrypoint === undefined ? [] : ["--entrypoint", resource.entrypoint]),
    ...plan.runtimeArgs,
    resource.imageReference,
    ...plan.args,
  ];
}

/** A field of `--mount` is one of CSV: quotes around what has a comma or a quote in it. */
function quoteField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
