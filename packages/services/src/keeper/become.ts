import type { Routes, RoutesGround } from "../routes/routes.ts";
import {
  changeCertificate,
  changesBetween,
  changeUsers,
  cutClients,
  openPorts,
  restartNodes,
  tell,
} from "./changes.ts";
import type { Fleet } from "./fleet.ts";
import type { Ground } from "./ground.ts";

/** What is to become of a service that runs. */
export interface Becoming {
  readonly fleet: Fleet;
  readonly routes: Routes;
  readonly before: Ground;
  readonly after: Ground;
  /** What doors are opened for, as it is at that moment. */
  readonly doors: () => RoutesGround;
  readonly progress: (sentence: string) => void;
}

/** Makes a service that runs what its record says, with as little disturbance as goes. */
export async function become({ fleet, routes, before, after, doors, progress }: Becoming): Promise<void> {
  // Those that have ended and were to be started again in a while are needed now.
  for (const node of fleet.all) if (node.pid === null) await fleet.revive(node);
  for (const node of fleet.all) await node.write();
  await changeUsers(fleet, before, after);
  const { live, restart } = changesBetween(before, after);
  await tell(fleet, live);
  if (before.record.certificate !== after.record.certificate) await changeCertificate(fleet, after);
  // A door and a node may exchange a port: who leaves it comes first.
  await routes.retire(doors());
  for (const node of fleet.nodes) await openPorts(node, before, after);
  const moved = before.settings.tls !== after.settings.tls || before.record.route !== after.record.route;
  if (moved) await cutClients(fleet, after);
  if (restart.length > 0) {
    progress(`${restart.join(", ")} takes effect with a start.`);
    await restartNodes(fleet, progress);
    await fleet.look();
  }
  await routes.become(doors());
}
