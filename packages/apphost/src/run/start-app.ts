import { rm } from "node:fs/promises";
import { RedoubtError } from "@redoubt/client";
import {
  Disk,
  isLock,
  type Lock,
  prepareSockets,
  processIdentity,
  takeLock,
} from "@redoubt/services/machine";
import type { App } from "../model/app.ts";
import { fault } from "../model/fault.ts";
import { Workload } from "../model/workload.ts";
import { RedisResource } from "../resources/redis.ts";
import { type AzureAccess, AzureAccount } from "./azure/azure-account.ts";
import { ContainerHost } from "./containers/container-host.ts";
import { Engine } from "./engine.ts";
import { runnerFor } from "./kinds/runner-for.ts";
import type { WaitBehavior } from "./life/ground.ts";
import { AppListener } from "./live/app-listener.ts";
import type { RunningRecord } from "./live/registry.ts";
import { LogStore } from "./logs/log-store.ts";
import { Masker } from "./logs/masker.ts";
import { AppPlaces } from "./places.ts";
import { Allocation, type Listener } from "./ports/allocation.ts";
import { PortBook } from "./ports/port-book.ts";
import { Guard } from "./process/guard.ts";
import { Ledger } from "./process/ledger.ts";
import { Trust } from "./trust.ts";

/** How an app is started. */
export interface StartOptions {
  /**
   * What becomes of a resource that waits for one that has failed: it goes on waiting, because somebody may start the other
   * one again, or fails, too. Default `wait-on-resource-unavailable`.
   */
  readonly waitBehavior?: WaitBehavior;
  /** Environment variables that programs inherit. Default: those of this process. */
  readonly variables?: NodeJS.ProcessEnv;
  /** How Azure is reached. Default: as configuration says. */
  readonly azure?: AzureAccess;
  /** Called with the engine before anything begins: to hear everything. */
  readonly onReady?: (engine: Engine) => void;
}

/**
 * Starts an app on this machine. Resolves when every resource was started, or waits for others.
 * @throws RedoubtError `APP_STATE` when it runs already, or its folder cannot be used; `APP_MODEL` for what cannot run; what
 *   handlers of `beforeStart` throw
 */
export async function startApp(app: App, options: StartOptions = {}): Promise<Engine> {
  if (app.mode !== "run")
    throw fault("APP_MODEL", `the app is described to ${app.operation}, and is not run`, {
      hint: "Run its file with `redoubt run`, or without REDOUBT_APPHOST.",
    });
  const places = new AppPlaces(app.stateFolder);
  await new Disk().folder(places.folder);
  const undo = new Undo();
  try {
    const lock = await lockOf(app, places);
    undo.add(() => lock.release());
    return await startLocked(app, places, options, undo);
  } catch (error) {
    await undo.all();
    throw error;
  }
}

async function startLocked(
  app: App,
  places: AppPlaces,
  {
    waitBehavior = "wait-on-resource-unavailable",
    variables = process.env,
    onReady,
    azure: access,
  }: StartOptions,
  undo: Undo,
): Promise<Engine> {
  const { ledger, swept } = await Ledger.open(places.processes);
  await app.events.emit("beforeStart", { app });
  const masker = new Masker();
  const azure = new AzureAccount(app, masker, access);
  await azure.prepare();
  undo.add(() => azure.close());
  const logs = new LogStore(masker);
  for (const name of swept)
    logs.write(name, "system", "an earlier run had left something running; it was ended");
  const guard = new Guard();
  undo.add(() => guard.release());
  const containers = new ContainerHost(app.identity, variables);
  undo.add(() => containers.close());
  const allocation = new Allocation(await PortBook.open(places.ports));
  await allocation.allocate(listenersOf(app));
  const trust = new Trust(places);
  await makeTrusted(app, trust);
  const workshop = { app, places, trust, allocation, guard, ledger, masker, azure, variables };
  const engine = new Engine({
    app,
    masker,
    logs,
    waitBehavior,
    runnerFor: (resource) => runnerFor(resource, workshop, containers),
    cleanUp: () => undo.all(),
  });
  onReady?.(engine);
  await offer(engine, places, undo);
  try {
    await engine.begin();
  } catch (error) {
    await engine.stop();
    throw error;
  }
  return engine;
}

async function lockOf({ file }: App, places: AppPlaces): Promise<Lock> {
  const taken = await takeLock(places.lock, "apphost", `run ${file}`);
  if (isLock(taken)) return taken;
  throw new RedoubtError("APP_STATE", `${file} runs already, in process ${taken.pid}, since ${taken.since}`, {
    hint: "Stop that one first: Ctrl-C where it was started, or `redoubt ps --stop`.",
  });
}

function listenersOf({ resources }: App): Listener[] {
  return (
    resources
      .filter((one) => one instanceof Workload)
      // It is told where its service listens.
      .filter((one) => !(one instanceof RedisResource && one.simulatedIdentity !== undefined))
      .map((owner) => ({
        owner,
        endpoints: owner.endpoints,
        // A Redis has its target ports in what is published; here it listens where others find it.
        local: !owner.containerised && !(owner instanceof RedisResource),
      }))
  );
}

/** Consumers are told the authority before servers run: nobody is to wait for a server only because of its name. */
async function makeTrusted({ resources }: App, trust: Trust): Promise<void> {
  const servers = resources.filter(
    (one) => one instanceof RedisResource && one.tlsEnabled,
  ) as RedisResource[];
  if (servers.length === 0) return;
  await trust.authority();
  for (const server of servers) server.authority.set(trust.caFile);
}

/** Lets other programs of this user see the app, and tell it what to do. */
async function offer(engine: Engine, places: AppPlaces, undo: Undo): Promise<void> {
  await prepareSockets(places);
  const { identity, file } = engine.app;
  const facts = { identity, file, pid: process.pid, startedAt: new Date().toISOString() };
  const listener = await AppListener.open(places.socket, engine, facts);
  undo.add(() => listener.close());
  const record: RunningRecord = {
    format: 1,
    ...facts,
    process: (await processIdentity(process.pid)) ?? "",
    socket: places.socket,
  };
  await new Disk().write(places.record, `${JSON.stringify(record, null, 2)}\n`);
  undo.add(() => rm(places.record, { force: true }));
}

/** What is to be done at the end, the last first. What fails does not keep the rest from being done. */
class Undo {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  async all(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step().catch(() => {});
  }
}
