import type { KeeperModule, MakeModule } from "../contract/module.ts";
import type { ServiceContext } from "../contract/node-handle.ts";
import type { SimulationOptions } from "../contract/simulation.ts";
import { openFront } from "../routes/terminator.ts";
import { Disk } from "../state/disk.ts";
import type { SimulationHost } from "./host.ts";
import { Simulations } from "./simulations.ts";

/** Does to clients of a service what managed services do to theirs. */
export const simulateModule: MakeModule = (context) => {
  const simulations = new Simulations(hostOf(context));
  return {
    orders: {
      simulate: ({ kind, options }) => simulations.start(String(kind), (options ?? {}) as SimulationOptions),
      "simulate-stop": async ({ kind }) => {
        await simulations.stop(String(kind));
        return null;
      },
    },
    start: () => simulations.resume(),
    stop: () => simulations.suspend(),
  } satisfies KeeperModule;
};

function hostOf(context: ServiceContext): SimulationHost {
  return {
    context,
    disk: new Disk(),
    topology: context.topology,
    caFile: context.caFile,
    certificate: () => context.certificate,
    userRules: () => context.userRules,
    openDoor: ({ port, idleLimit, staysUntil }) =>
      openFront({
        port,
        certificate: context.certificate,
        idle: idleLimit,
        sockets: context.nodes.map(({ socket }) => socket),
        operator: context.operator,
        clientsFrom: context.settings.allowedNetworks,
        say: context.say,
        ...(staysUntil !== undefined && { staysUntil }),
      }),
    failOver: () => context.failOver(),
    rotateCertificate: () => context.rotateCertificate(),
  };
}
