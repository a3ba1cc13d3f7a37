import { RedoubtError } from "@redoubt/client";
import type { KeeperModule } from "../contract/module.ts";
import type { ServiceContext } from "../contract/node-handle.ts";
import type { ServiceState } from "../contract/service.ts";
import { readCertificate, renewBefore } from "../identity/certificates.ts";
import type { Node } from "../nodes/node.ts";
import { failOver } from "../nodes/replication.ts";
import type { Order } from "../orders/words.ts";
import { Routes } from "../routes/routes.ts";
import { programOf } from "../state/program.ts";
import type { ServiceStatus } from "../state/status.ts";
import type { Store } from "../state/store.ts";
import { become } from "./become.ts";
import { clientsOf } from "./clients.ts";
import { contextOf } from "./context.ts";
import { keepDatabases } from "./databases.ts";
import { Fleet } from "./fleet.ts";
import { type Ground, groundOf, nodeGround } from "./ground.ts";
import { modules } from "./modules.ts";
import { Queue } from "./queue.ts";
import { rotateCertificate } from "./rotation.ts";

/** Between two looks who takes writes, ms. */
const lookEvery = 1_000;
/** How often the certificate is looked at, and how soon again where it could not be exchanged, ms. */
const renewEvery = 3_600_000;
const renewAgain = 2_000;
/** First and longest wait before a server is started again, ms. */
const backoff = { first: 100, longest: 30_000 };
/** Without persistence a primary that comes back is empty, and its replicas would become so, too: they get time to take over. ms */
const takeOver = 12_000;

/** Keeps one service running: its servers, its doors, and what is done with them. One for each service. */
export class Keeper {
  readonly #store: Store;
  readonly #name: string;
  readonly #say: (sentence: string) => void;
  readonly #since = new Date().toISOString();
  readonly #queue = new Queue();
  readonly #routes = new Routes();
  readonly #end = new AbortController();
  readonly #modules: KeeperModule[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #ground!: Ground;
  #fleet!: Fleet;
  #program = "";
  #state: ServiceState = "REBUILDING";
  #trouble: string | null = null;
  #version: string | null = null;
  #first: Promise<void> | null = null;
  #attempt = 0;

  constructor(store: Store, name: string, say: (sentence: string) => void) {
    this.#store = store;
    this.#name = name;
    this.#say = say;
  }

  /** Begins; what it takes to run goes on afterwards. @throws RedoubtError `SERVICE_UNKNOWN`, `SERVICE_FAILED` */
  async open(): Promise<void> {
    const places = this.#store.places.service(this.#name);
    // One that is being removed is found, too: its servers must be ended.
    const record = (await this.#store.find(this.#name)) ?? (await this.#store.read(this.#name));
    this.#ground = groundOf(record, places);
    // What is only to be ended needs no program.
    this.#program = record.power === "on" ? await programOf(record.type) : "";
    this.#fleet = this.#makeFleet();
    for (const make of modules) this.#modules.push(make(this.#context()));
    this.#first = record.power === "on" ? this.#queue.add(() => this.#start()) : Promise.resolve();
    // Whoever waits for it is told; without anybody waiting it is no failure of the keeper.
    this.#first.catch(() => {});
  }

  /** Carries out an order. @throws RedoubtError why it could not be done */
  async obey(
    { order, arguments: given = {} }: Order,
    progress: (sentence: string) => void,
  ): Promise<unknown> {
    const tell = (sentence: string): void => {
      this.#say(sentence);
      progress(sentence);
    };
    switch (order) {
      case "status":
        return this.#report();
      case "ready":
        await this.#first;
        return this.#report();
      case "apply":
        await this.#queue.add(() => (this.#state === "RUNNING" ? this.#apply(tell) : this.#begin()));
        return this.#report();
      case "failover":
        await this.#first;
        await this.#queue.add(() => this.#failOver(tell));
        return this.#report();
      case "stop":
        // Outside of the queue: what they are doing may wait for its turn in it.
        if (given["backup"] === true) await this.#first?.catch(() => {});
        await this.#stopModules(given["backup"] === true, progress);
        // A start that is under way fails at once, instead of being waited for.
        if (this.#state !== "RUNNING") await this.#fleet.stop();
        await this.#queue.add(() => this.#stop(progress));
        return null;
      default:
        return await this.#obeyModule(order, given, progress);
    }
  }

  /** Whether it was told to end. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  /** Lets the servers run and ends everything else: the keeper is about to go, and a later one takes them up. */
  async leave(): Promise<void> {
    this.#clear();
    this.#fleet.leave();
    await Promise.all(this.#modules.map((module) => module.stop().catch(() => {})));
    await this.#routes.close();
  }

  /** Ends the servers as they are: what they keep is gone, and they would not end by themselves without having saved it. */
  async abandon(): Promise<void> {
    this.#clear();
    await this.#fleet.stop(0);
    this.#end.abort();
  }

  async #start(): Promise<void> {
    try {
      this.#state = "REBUILDING";
      await this.#write();
      for (const module of this.#modules) await module.prepare?.();
      await this.#fleet.start();
      await this.#openDoors();
      this.#version = await this.#fleet.version();
      this.#state = "RUNNING";
      this.#trouble = null;
      this.#attempt = 0;
      await this.#write();
      this.#say(`${this.#name} runs, revision ${this.#ground.record.revision}.`);
      for (const module of this.#modules)
        await module.start().catch((error: Error) => this.#say(error.message));
      this.#every(lookEvery, () => this.#queue.add(() => this.#look()));
      this.#later(0, () => this.#renew());
    } catch (error) {
      this.#trouble = (error as Error).message;
      this.#say(`It does not run: ${this.#trouble}`);
      await this.#write().catch(() => {});
      const wait = Math.min(backoff.longest, backoff.first * 2 ** this.#attempt++);
      this.#later(wait, () => {
        this.#first = this.#queue.add(async () => {
          // Somebody may have changed what was in the way, and had it begin again.
          if (this.#state !== "RUNNING") await this.#start();
        });
        this.#first.catch(() => {});
      });
      throw error;
    }
  }

  /** Begins once more, with what the record says by now. */
  async #begin(): Promise<void> {
    this.#ground = groundOf(await this.#store.read(this.#name), this.#ground.places);
    this.#program ||= await programOf(this.#ground.record.type);
    await this.#start();
  }

  async #apply(progress: (sentence: string) => void): Promise<void> {
    const record = await this.#store.read(this.#name);
    const before = this.#ground;
    const after = groundOf(record, before.places);
    // Before anything is told to a server: then there is nothing to put back.
    await keepDatabases(this.#fleet, before, after);
    this.#ground = after;
    try {
      await become({
        fleet: this.#fleet,
        routes: this.#routes,
        before,
        after,
        doors: () => this.#doors(),
        progress,
      });
    } catch (error) {
      // The record is put back by whoever wrote it; what was told in part is told again then.
      this.#say(`Revision ${record.revision} could not be applied: ${(error as Error).message}`);
      throw error;
    }
    this.#say(`Revision ${record.revision} is applied.`);
    await this.#write();
  }

  async #failOver(progress: (sentence: string) => void): Promise<void> {
    if (this.#fleet.sentinels.length === 0)
      throw new RedoubtError(
        "SERVICE_UNFIT",
        `The plan ${this.#ground.record.plan} has no replica that could take over`,
      );
    this.#state = "REBALANCING";
    try {
      await failOver(this.#fleet, progress);
      await this.#look();
    } finally {
      this.#state = "RUNNING";
      await this.#write();
    }
  }

  /** @param last whether a last backup is to be taken */
  async #stopModules(last: boolean, progress: (sentence: string) => void): Promise<void> {
    const say = (error: Error): void => this.#say(error.message);
    if (last && this.#state === "RUNNING")
      for (const module of this.#modules) await module.powerOff?.(progress).catch(say);
    for (const module of this.#modules) await module.stop().catch(say);
  }

  async #stop(progress: (sentence: string) => void): Promise<void> {
    this.#clear();
    await this.#routes.close();
    progress("The servers are ended.");
    await this.#fleet.stop();
    this.#state = "POWEROFF";
    await this.#write(null);
    this.#say(`${this.#name} is powered off.`);
    this.#end.abort();
  }

  async #obeyModule(
    order: string,
    given: Readonly<Record<string, unknown>>,
    progress: (sentence: string) => void,
  ): Promise<unknown> {
    for (const { orders } of this.#modules) {
      const carryOut = Object.hasOwn(orders, order) ? orders[order] : undefined;
      if (carryOut === undefined) continue;
      await this.#first;
      return await carryOut(given, progress);
    }
    throw new RedoubtError("SERVICE_FAILED", `The keeper of ${this.#name} does not know the order ${order}`, {
      hint: "It was started by an older version: power the service off and on.",
    });
  }

  /** Exchanges the certificate in time, and looks again later. */
  #renew(): void {
    const { places, record } = this.#ground;
    void readCertificate(places, record.certificate)
      .then(({ expires }) => {
        if (Date.parse(expires) - Date.now() > renewBefore) return;
        this.#say(`The certificate is valid until ${expires}: a new one is served.`);
        return this.#queue.add(() => this.#rotateCertificate());
      })
      .then(
        () => this.#later(renewEvery, () => this.#renew()),
        (error: Error) => {
          this.#say(`The certificate could not be exchanged: ${error.message}`);
          this.#later(renewAgain, () => this.#renew());
        },
      );
  }

  async #look(): Promise<void> {
    if (!(await this.#fleet.look())) return;
    this.#say(`${this.#fleet.primary?.name ?? "Nobody"} takes writes now.`);
    await this.#openDoors();
    await this.#write();
  }

  #ended(node: Node): void {
    const times = this.#fleet.mourn(node);
    const { settings, topology } = this.#ground;
    const empty = settings.persistence === "off" && topology === "replicated" && node === this.#fleet.primary;
    const wait = Math.max(Math.min(backoff.longest, backoff.first * 2 ** (times - 1)), empty ? takeOver : 0);
    this.#say(`${node.name} has ended by itself; it is started again in ${wait} ms.`);
    this.#later(wait, () => void this.#queue.add(() => this.#revive(node)));
  }

  async #revive(node: Node): Promise<void> {
    try {
      await this.#fleet.revive(node);
      this.#say(`${node.name} serves again.`);
    } catch (error) {
      this.#say((error as Error).message);
      this.#ended(node);
    }
    await this.#write();
  }

  #makeFleet(): Fleet {
    return new Fleet(
      this.#ground.record.nodes,
      () => nodeGround(this.#ground, this.#program, this.#store.disk),
      (node) => this.#ended(node),
    );
  }

  #doors() {
    const { record, settings, topology, places } = this.#ground;
    return {
      record,
      settings,
      topology,
      places,
      primary: this.#fleet.primary?.name ?? null,
      say: (sentence: string) => this.#say(`terminator: ${sentence}`),
    };
  }

  #openDoors(): Promise<void> {
    return this.#routes.become(this.#doors());
  }

  async #report() {
    return { ...(await this.#status()), clients: await clientsOf(this.#fleet, this.#routes, this.#ground) };
  }

  async #status(
    keeper: ServiceStatus["keeper"] = { pid: process.pid, since: this.#since },
  ): Promise<ServiceStatus> {
    return {
      format: 1,
      state: this.#state,
      revision: this.#ground.record.revision,
      version: this.#version,
      primary: this.#fleet.primary?.name ?? null,
      nodes: await this.#fleet.describe(),
      trouble: this.#trouble,
      keeper,
    };
  }

  async #write(keeper?: ServiceStatus["keeper"]): Promise<void> {
    await this.#store.writeStatus(this.#name, await this.#status(keeper));
  }

  #context(): ServiceContext {
    return contextOf({
      name: this.#name,
      ground: () => this.#ground,
      fleet: () => this.#fleet,
      program: this.#program,
      signal: this.#end.signal,
      say: this.#say,
      alone: (work) => this.#queue.add(() => this.#alone(work)),
      failOver: () => this.#queue.add(() => this.#failOver(() => {})),
      rotateCertificate: () => this.#queue.add(() => this.#rotateCertificate()),
    });
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    this.#state = "REBUILDING";
    try {
      return await work();
    } finally {
      await this.#fleet.start();
      // Doors that saw the servers go would find out on their own that they are back, but not at once.
      await this.#routes.close();
      await this.#openDoors();
      this.#state = "RUNNING";
      await this.#write();
    }
  }

  async #rotateCertificate(): Promise<void> {
    await rotateCertificate(this.#store, this.#name);
    await this.#apply(() => {});
  }

  #later(wait: number, work: () => void): void {
    if (this.#end.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, wait);
    this.#timers.add(timer);
  }

  #every(wait: number, work: () => Promise<void>): void {
    this.#later(wait, () => {
      void work()
        .catch((error: Error) => this.#say(error.message))
        .finally(() => this.#every(wait, work));
    });
  }

  #clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
