import { hostname, userInfo } from "node:os";
import type { UpdatePreview, WaitOptions } from "../contract/options.ts";
import type { Service } from "../contract/service.ts";
import type { Order } from "../orders/words.ts";
import type { Disk } from "../state/disk.ts";
import { stillRuns } from "../state/identity.ts";
import { holderOf } from "../state/lock.ts";
import type { ServiceRecord } from "../state/record.ts";
import type { ServiceStatus } from "../state/status.ts";
import { Store } from "../state/store.ts";
import { isKept, order } from "./keeper-process.ts";
import { differences } from "./updating.ts";
import { type ClientCounts, serviceView } from "./view.ts";

/** How long a change may take when nobody says, ms. */
const defaultTimeout = 120_000;
/** How long a keeper may take to say how it is, ms. */
const glance = 5_000;
const nobody: ClientCounts = { terminator: 0, direct: 0, plain: 0 };

/** What a keeper says of its service. */
type Report = ServiceStatus & { readonly clients: ClientCounts };

/** What is written down of a change. */
export interface Told {
  /** `service_update`, `user_create` … */
  readonly type: string;
  readonly description: string;
  /** Default: what differs between the records. */
  readonly changes?: UpdatePreview["changes"];
}

/** Reads and changes services, one change at a time for each. */
export class Changer {
  readonly store: Store;
  readonly actor: string;

  constructor(home: string, actor: string | undefined, disk?: Disk) {
    this.store = new Store(home, disk);
    this.actor = actor ?? `${userInfo().username}@${hostname()}`;
  }

  /** A service as it is. @param start whether its keeper is started again where it is gone */
  async view(name: string, start: boolean): Promise<Service> {
    const { store } = this;
    const record = await store.read(name);
    const places = store.places.service(name);
    const kept = await isKept(places);
    let report = record.power === "on" && (start || kept) ? await this.#ask(name, start) : null;
    if (start && report !== null && report.revision < record.revision)
      report = await this.#catchUp(record, report);
    const status = report ?? (await store.status(name));
    return serviceView(record, places, {
      status,
      clients: report?.clients ?? nobody,
      kept: kept || report !== null,
    });
  }

  /** How a service is, by its keeper; null where that cannot be asked. One that has just begun is given a moment. */
  async #ask(name: string, start: boolean): Promise<Report | null> {
    const status = (): Promise<Report | null> =>
      this.order(name, { order: "status" }, { timeout: glance }).then(
        (said) => said as Report,
        () => null,
      );
    const first = await status();
    if (!start || first?.state !== "REBUILDING" || first.trouble !== null) return first;
    await this.order(name, { order: "ready" }, { timeout: glance }).catch(() => {});
    return status();
  }

  /** Has a change made that was written down by a command which was killed before it could give the order. */
  async #catchUp(record: ServiceRecord, report: Report): Promise<Report> {
    const { lock } = this.store.places.service(record.name);
    const holder = await holderOf(lock);
    // Whoever changes it now gives the order.
    if (holder !== null && (await stillRuns(holder.pid, holder.identity))) return report;
    return this.order(record.name, { order: "apply" }).then(
      (said) => said as Report,
      () => report,
    );
  }

  /** Gives an order to the keeper of a service. @throws RedoubtError what it answers */
  order(name: string, what: Order, wait: WaitOptions = {}): Promise<unknown> {
    return order(this.store.places.service(name), what, { timeout: defaultTimeout, ...wait });
  }

  /**
   * Changes what a service should be, and has it become so. When the servers refuse, the record is put back.
   *
   * @param mutate makes the new record of the old one
   * @throws RedoubtError `SERVICE_UNKNOWN`, `SERVICE_BUSY`, what `mutate` throws, and what the keeper answers
   */
  async change(
    name: string,
    told: Told,
    mutate: (record: ServiceRecord) => ServiceRecord | Promise<ServiceRecord>,
    wait: WaitOptions = {},
  ): Promise<ServiceRecord> {
    const { store, actor } = this;
    await store.read(name);
    await using _ = await store.lock(name, actor, told.type);
    const before = await store.read(name);
    const after = {
      ...(await mutate(before)),
      revision: before.revision + 1,
      updated: new Date().toISOString(),
    };
    await store.write(after);
    if (after.power === "on") await this.#become(before, after, wait);
    const { type, description, changes = differences(before, after) } = told;
    await store.events.add({ actor, service: name, type, description, changes });
    return after;
  }

  async #become(before: ServiceRecord, after: ServiceRecord, wait: WaitOptions): Promise<void> {
    try {
      await this.order(after.name, { order: "apply" }, wait);
    } catch (error) {
      await this.store.write({ ...before, revision: after.revision + 1, updated: new Date().toISOString() });
      const back = before.power === "on" ? "apply" : "stop";
      await this.order(after.name, { order: back }).catch(() => {});
      throw error;
    }
  }
}
