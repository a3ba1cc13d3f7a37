import type { Resource } from "../../model/resource.ts";
import type { ExecutableResource } from "../../resources/executable.ts";
import { equip, inherited, valuesNeeded } from "../life/environment.ts";
import type { Body, Life, Runner } from "../life/runner.ts";
import type { Listener } from "../ports/allocation.ts";
import { Forwarder } from "../ports/forwarder.ts";
import { ProcessGroup } from "../process/group.ts";
import { urlsOf } from "./urls.ts";
import type { Workshop } from "./workshop.ts";

/** How long what a program has left running may take to end, ms. */
const leftovers = 2_000;

/** The variable in which Node is told of further authorities to trust. */
const nodeTrust = "NODE_EXTRA_CA_CERTS";

/** Runs a program of this machine. */
export class ProgramRunner implements Runner {
  readonly #resource: ExecutableResource;
  readonly #workshop: Workshop;

  constructor(resource: ExecutableResource, workshop: Workshop) {
    this.#resource = resource;
    this.#workshop = workshop;
  }

  needs(): readonly Resource[] {
    return valuesNeeded(this.#resource);
  }

  async start({ signal, say, show, onLine }: Life): Promise<Body> {
    const { name, command, workingDirectory, endpoints } = this.#resource;
    const { allocation, masker, guard, ledger } = this.#workshop;
    const listener: Listener = { owner: this.#resource, endpoints, local: true };
    await allocation.ensure(listener, say);
    const { environment, args } = await equip(this.#resource, "host", signal);
    for (const { value, secret } of [...environment, ...args]) if (secret) masker.add(value);
    if (args.some(({ secret }) => secret))
      say(
        "warning: a secret is among the arguments, where other users of this machine can read it; use withEnvironment()",
      );
    show({
      environment,
      urls: await urlsOf(this.#resource, signal),
      properties: {
        Command: {
          value: [command, ...args.map(({ value, secret }) => (secret ? "*****" : value))].join(" "),
          secret: false,
        },
        Folder: { value: workingDirectory, secret: false },
      },
    });
    const forwarders = await this.#forward();
    const closeAll = async (): Promise<void> => {
      await Promise.all(forwarders.map((forwarder) => forwarder.close()));
    };
    try {
      signal.throwIfAborted();
      const group = await ProcessGroup.start(
        {
          command,
          args: args.map(({ value }) => value),
          folder: workingDirectory,
          environment: await this.#environment(environment),
          onLine,
        },
        leftovers,
      );
      const release = guard.watch(group.pid);
      const ended = group.exited.then(async (exit) => {
        release();
        await Promise.all([closeAll(), ledger.remove(group.pid)]);
        return exit;
      });
      await ledger.add(name, group.pid);
      return {
        ended,
        stop: (grace) =>
          group
            .stop(grace)
            .then(() => ended)
            .then(() => {}),
        kill: () => group.kill(),
      };
    } catch (error) {
      await closeAll();
      throw error;
    }
  }

  /** What it inherits, what the file says, and all authorities in one file. */
  async #environment(own: readonly { name: string; value: string }[]): Promise<Record<string, string>> {
    const before = inherited(this.#workshop.variables);
    const environment = { ...before, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) };
    const files = [before[nodeTrust], environment[nodeTrust]].filter(
      (file) => file !== undefined && file !== "",
    );
    const bundle = await this.#workshop.trust.bundle(this.#resource.name, files as string[]);
    return bundle === null ? environment : { ...environment, [nodeTrust]: bundle };
  }

  /** Ports at which it is to be found though it listens at others. */
  async #forward(): Promise<Forwarder[]> {
    const opened: Forwarder[] = [];
    for (const { port, targetPort } of this.#resource.endpoints)
      if (port !== undefined && targetPort !== undefined && port !== targetPort)
        opened.push(await Forwarder.open(port, targetPort));
    return opened;
  }
}
