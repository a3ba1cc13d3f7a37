import { existsSync } from "node:fs";
import { join } from "node:path";
import { OrderListener } from "../orders/listener.ts";
import { isLock, takeLock } from "../state/lock.ts";
import { prepareSockets, Store } from "../state/store.ts";
import { Keeper } from "./keeper.ts";
import { keeperLog } from "./log.ts";

/*
 * The process that keeps a service: `node main.js HOME NAME`. It outlives whoever started it, takes orders over a Unix
 * socket, and ends when it is told to. There is one for each service; a second one leaves at once.
 */
const [, , home = "", name = ""] = process.argv;
// Servers write data, backups and logs themselves, and inherit this: nobody else reads them, wherever they are copied to.
process.umask(0o077);
/** How often the lock is looked after, ms. */
const keepEvery = 1_000;
const store = new Store(home);
const places = store.places.service(name);
const say = keeperLog(join(places.logs, "keeper.log"));

const lock = await takeLock(places.keeperLock, "keeper", `keep ${name}`);
if (!isLock(lock)) process.exit(0);

// What nobody has thought of ends the keeper with a word in its log; the servers go on, and the next one takes them up.
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: unknown) => {
    say(`The keeper ends: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(1);
  });

const keeper = new Keeper(store, name, say);
await prepareSockets(places);
try {
  await keeper.open();
} catch (error) {
  say(`The keeper cannot begin: ${(error as Error).message}`);
  await lock.release();
  process.exit(1);
}
const listener = await OrderListener.open(places.keeperSocket, (order, progress) =>
  keeper.obey(order, progress),
);

// Without its lock nobody sees that the service is kept. The next keeper, where there is one already, takes the servers up.
const guard = setInterval(() => {
  if (!existsSync(places.folder)) return abandon();
  // A record alone is gone while a service is being removed.
  if (!existsSync(places.record)) return;
  lock.keep().then(
    (ours) => {
      if (ours || leaving) return;
      say("The keeper ends: there is another one.");
      process.exit(0);
    },
    (error: unknown) => say(`The lock cannot be kept: ${(error as Error).message}`),
  );
}, keepEvery);
guard.unref();

let leaving = false;
const leave = async (): Promise<void> => {
  if (leaving) return;
  leaving = true;
  clearInterval(guard);
  await keeper.leave();
  await listener.close();
  await lock.release();
  process.exit(0);
};
/** Somebody has removed the service's folder with everything in it: nobody could find its servers any more. */
const abandon = (): void => {
  clearInterval(guard);
  void keeper
    .abandon()
    .catch(() => {})
    .finally(() => void leave());
};
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void leave());
keeper.ended.addEventListener("abort", () => {
  // The order to stop is answered first.
  setImmediate(() => void leave());
});
