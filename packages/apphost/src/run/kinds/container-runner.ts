import type { Resource } from "../../model/resource.ts";
import type { ContainerResource } from "../../resources/container.ts";
import type { ContainerHost } from "../containers/container-host.ts";
import { runWords } from "../containers/container-words.ts";
import { equip, valuesNeeded } from "../life/environment.ts";
import type { Body, Life, Runner } from "../life/runner.ts";
import { ProcessGroup } from "../process/group.ts";
import { urlsOf } from "./urls.ts";
import type { Workshop } from "./workshop.ts";

/** How long the engine's program may take to end behind its container, ms. */
const leftovers = 2_000;

/** Runs a container in the foreground of the engine's program: what that writes is what the container writes. */
export class ContainerRunner implements Runner {
  readonly #resource: ContainerResource;
  readonly #workshop: Workshop;
  readonly #host: ContainerHost;

  constructor(resource: ContainerResource, workshop: Workshop, host: ContainerHost) {
    this.#resource = resource;
    this.#workshop = workshop;
    this.#host = host;
  }

  needs(): readonly Resource[] {
    return valuesNeeded(this.#resource);
  }

  async start({ signal, say, show, onLine }: Life): Promise<Body> {
    const { endpoints } = this.#resource;
    const { app, allocation, masker, guard, ledger, variables } = this.#workshop;
    const engine = await this.#host.engine();
    await this.#host.prepareNetwork();
    await allocation.ensure({ owner: this.#resource, endpoints, local: false }, say);
    const { environment, args } = await equip(this.#resource, "container", signal);
    for (const { value, secret } of [...environment, ...args]) if (secret) masker.add(value);
    const context = { viewpoint: "container", signal } as const;
    const runtimeArgs = await Promise.all(
      this.#resource.runtimeArgs.map(async (value) => (await value.resolve(context)) ?? ""),
    );
    const name = this.#resource.containerName ?? `${this.#resource.name}-${app.identity.slice(0, 8)}`;
    show({
      environment,
      urls: await urlsOf(this.#resource, signal),
      properties: {
        Image: { value: this.#resource.imageReference, secret: false },
        Container: { value: name, secret: false },
      },
    });
    if (this.#resource.lifetime === "persistent")
      say("warning: it ends with the app: containers that outlive it are not supported");
    signal.throwIfAborted();
    const words = runWords({
      resource: this.#resource,
      name,
      identity: app.identity,
      network: this.#host.network,
      variables: environment,
      args: args.map(({ value }) => value),
      runtimeArgs,
    });
    const group = await ProcessGroup.start(
      {
        command: engine.program,
        args: words,
        folder: app.directory,
        environment: {
          ...(variables as Record<string, string>),
          ...Object.fromEntries(
            environment.flatMap((entry) => (entry.secret ? [[entry.name, entry.value]] : [])),
          ),
        },
        onLine,
      },
      leftovers,
    );
    const release = [guard.watch(group.pid), guard.watchContainer(name, engine.program)];
    await ledger.add(this.#resource.name, group.pid);
    const ended = group.exited.then(async (exit) => {
      for (const one of release) one();
      await ledger.remove(group.pid);
      return exit;
    });
    const remove = (): Promise<unknown> => engine.call(["rm", "--force", name]).catch(() => {});
    return {
      ended,
      kill: () => {
        void remove();
        group.kill();
      },
      stop: async (grace) => {
        const seconds = Math.max(0, Math.floor(grace / 1000));
        await engine.call(["stop", "--time", String(seconds), name], grace + 5_000).catch(remove);
        await group.stop(leftovers);
        await ended;
      },
    };
  }
}
