import { RedoubtError } from "@redoubt/client";
import { shown } from "../backups/backup-store.ts";
import { planNamed, typeAndPlan } from "../catalog/plans.ts";
import { settingsOf } from "../catalog/settings.ts";
import type { Backup } from "../contract/backup.ts";
import type { LogOptions, LogPage, ServiceEvent } from "../contract/log.ts";
import type { CurrentQuery, Metrics, MetricsPeriod } from "../contract/metrics.ts";
import type { CreateOptions, UpdateOptions, UpdatePreview, WaitOptions } from "../contract/options.ts";
import type { Service } from "../contract/service.ts";
import type { Services, ServicesOptions } from "../contract/services.ts";
import type { SimulationKind, SimulationOptions, SimulationState } from "../contract/simulation.ts";
import type { AccessControl, ServiceUser, UserCreateOptions } from "../contract/user.ts";
import { projectAuthority } from "../identity/authority.ts";
import { issueCertificate, issueUserCertificate } from "../identity/certificates.ts";
import { readLogs } from "../logs/log-reader.ts";
import { metricsFolder, readMetrics } from "../metrics/recorder.ts";
import { homeFolder } from "../state/home.ts";
import { programOf } from "../state/program.ts";
import { backupsOf } from "./backups.ts";
import { Changer } from "./changer.ts";
import { checkTags } from "./checks.ts";
import { create } from "./creation.ts";
import { damagedView } from "./damaged-view.ts";
import { powerOff, powerOn, terminate } from "./power.ts";
import { previewOf, updated } from "./updating.ts";
import { accessSet, findUser, passwordReset, userAdded, userRemoved } from "./user-changes.ts";
import { addressOf, uriOf, userView } from "./view.ts";

/** How long taking and restoring a backup may take when nobody says, ms. */
const longWork = 600_000;

/**
 * Opens the services of this machine's user.
 *
 * ```ts
 * const services = openServices();
 * const { uri } = await services.create("my-redis");
 * ```
 */
export function openServices(options: ServicesOptions = {}): Services {
  return new Project(options);
}

class Project implements Services {
  readonly home: string;
  readonly #all: Changer;

  constructor({ home, actor }: ServicesOptions) {
    this.home = homeFolder(home);
    this.#all = new Changer(this.home, actor);
  }

  async create(name: string, options: CreateOptions = {}, wait?: WaitOptions): Promise<Service> {
    const { type, plan, forkFrom } = options;
    // What no program can serve is not made at all. One that is there is told first, and a fork has its parent's program.
    if (forkFrom === undefined && !(await this.names()).includes(name))
      await programOf(typeAndPlan(type, plan).type);
    await create(this.#all, name, options, wait);
    return this.get(name);
  }

  get(name: string): Promise<Service> {
    return this.#all.view(name, true);
  }

  async list(names?: readonly string[]): Promise<Service[]> {
    const found = await this.names();
    const wanted = names === undefined ? found : found.filter((name) => names.includes(name));
    const views = await Promise.all(
      wanted.map((name) =>
        this.#all.view(name, false).catch((error: unknown) => {
          // Terminated while we looked.
          if (error instanceof RedoubtError && error.code === "SERVICE_UNKNOWN") return null;
          return damagedView(this.#all.store.places.service(name), error as Error);
        }),
      ),
    );
    return views.filter((view) => view !== null);
  }

  names(): Promise<string[]> {
    return this.#all.store.names();
  }

  async preview(name: string, options: UpdateOptions): Promise<UpdatePreview> {
    const { clients } = await this.#all.view(name, false);
    const record = await this.#all.store.read(name);
    const status = await this.#all.store.status(name);
    return previewOf(
      record,
      await updated(record, options, this.#all.actor),
      status?.primary ?? null,
      clients,
    );
  }

  async update(name: string, options: UpdateOptions, wait?: WaitOptions): Promise<Service> {
    const told = { type: "service_update", description: "changed" };
    await this.#all.change(name, told, (record) => updated(record, options, this.#all.actor), wait);
    return this.get(name);
  }

  async wait(names: readonly string[], wait: WaitOptions = {}): Promise<Service[]> {
    return Promise.all(
      names.map(async (name) => {
        const { power } = await this.#all.store.read(name);
        if (power === "off")
          throw new RedoubtError("SERVICE_POWERED_OFF", `The service ${name} is powered off`);
        await this.#all.order(name, { order: "ready" }, wait);
        return this.get(name);
      }),
    );
  }

  terminate(name: string, wait?: WaitOptions): Promise<void> {
    return terminate(this.#all, name, wait);
  }

  async powerOff(name: string, wait?: WaitOptions): Promise<Service> {
    await powerOff(this.#all, name, wait);
    return this.#all.view(name, false);
  }

  async powerOn(name: string, wait?: WaitOptions): Promise<Service> {
    await powerOn(this.#all, name, wait);
    return this.get(name);
  }

  async userCreate(name: string, username: string, options: UserCreateOptions = {}): Promise<ServiceUser> {
    const told = { type: "user_create", description: `user ${username}` };
    const record = await this.#all.change(name, told, (before) => userAdded(before, username, options));
    return userView(findUser(record, username));
  }

  async userList(name: string): Promise<ServiceUser[]> {
    return (await this.#all.store.read(name)).users.map(userView);
  }

  async userGet(name: string, username: string): Promise<ServiceUser> {
    return userView(findUser(await this.#all.store.read(name), username));
  }

  async userDelete(name: string, username: string): Promise<void> {
    const told = { type: "user_delete", description: `user ${username}` };
    await this.#all.change(name, told, (before) => userRemoved(before, username));
  }

  async userPasswordReset(name: string, username: string, password?: string): Promise<ServiceUser> {
    const told = { type: "user_password_reset", description: `user ${username}` };
    const record = await this.#all.change(name, told, (before) => passwordReset(before, username, password));
    return userView(findUser(record, username));
  }

  async userSetAccessControl(name: string, username: string, access: AccessControl): Promise<ServiceUser> {
    const { accessControl: from } = await this.userGet(name, username);
    const told = {
      type: "user_set_access_control",
      description: `user ${username}`,
      changes: [{ key: `access of ${username}`, from, to: access }],
    };
    const record = await this.#all.change(name, told, (before) => accessSet(before, username, access));
    return userView(findUser(record, username));
  }

  async userCertificate(name: string, username: string): Promise<{ certificate: string; key: string }> {
    const { store } = this.#all;
    findUser(await store.read(name), username);
    const { certificate, key } = await issueUserCertificate(await projectAuthority(store), username);
    return { certificate, key };
  }

  async credentialsReset(name: string): Promise<Service> {
    await this.userPasswordReset(name, "default");
    return this.get(name);
  }

  async ca(): Promise<{ certificate: string; file: string }> {
    const { store } = this.#all;
    await store.prepare();
    const { certificate } = await projectAuthority(store);
    return { certificate, file: store.places.caFile };
  }

  async connectionUri(
    name: string,
    {
      username = "default",
      database,
      usage = "primary",
    }: {
      readonly username?: string;
      readonly database?: number;
      readonly usage?: "primary" | "replica";
    } = {},
  ): Promise<string> {
    const { store } = this.#all;
    const record = await store.read(name);
    const user = findUser(record, username);
    if (usage === "replica") {
      const { components } = await this.get(name);
      const replica = components.find((one) => one.usage === "replica");
      if (replica === undefined)
        throw new RedoubtError("SERVICE_UNFIT", `No replica of ${name} can be dialled`, {
          hint: "Replicas are dialled where the plan has some and the route is direct.",
        });
      return uriOf(replica, user, database);
    }
    const status = await store.status(name);
    return uriOf(addressOf(record, status?.primary ?? null), user, database);
  }

  /** From the files, whether it is powered on or not. */
  async logs(name: string, options: LogOptions = {}): Promise<LogPage> {
    const { store } = this.#all;
    const { users, operator, type, plan, userConfig } = await store.read(name);
    const { keepsLogs } = settingsOf(type, planNamed(plan), userConfig);
    if (!keepsLogs) return { lines: [], offset: "" };
    const secrets = [operator, ...users].map(({ password }) => password);
    const mask = (message: string): string =>
      secrets.reduce((text, secret) => (secret === "" ? text : text.replaceAll(secret, "*****")), message);
    return readLogs(store.places.service(name).logs, { ...options, mask });
  }

  async metrics(name: string, period: MetricsPeriod = "hour"): Promise<Metrics> {
    const { store } = this.#all;
    const { nodes } = await store.read(name);
    const names = nodes.filter(({ kind }) => kind === "data").map((node) => node.name);
    return readMetrics(metricsFolder(store.places.service(name).folder), names, period);
  }

  currentQueries(name: string): Promise<CurrentQuery[]> {
    return this.#ask(name, "current-queries") as Promise<CurrentQuery[]>;
  }

  async backupList(name: string): Promise<Backup[]> {
    const { store } = this.#all;
    await store.read(name);
    return (await backupsOf(store, name).list()).map(shown);
  }

  async backupNow(name: string, wait?: WaitOptions): Promise<Backup> {
    const backup = (await this.#ask(name, "backup-now", {}, { timeout: longWork, ...wait })) as Backup;
    await this.#tell(name, "service_backup", backup.name);
    return backup;
  }

  async restore(name: string, backup?: string, wait?: WaitOptions): Promise<Service> {
    const told = (await this.#ask(
      name,
      "restore",
      { backup: backup ?? null },
      { timeout: longWork, ...wait },
    )) as Backup;
    await this.#tell(name, "service_restore", `from the backup ${told.name}`);
    return this.get(name);
  }

  fork(name: string, as: string, options: CreateOptions = {}, wait?: WaitOptions): Promise<Service> {
    return this.create(as, { ...options, forkFrom: name }, wait);
  }

  async tags(name: string): Promise<Readonly<Record<string, string>>> {
    return (await this.#all.store.read(name)).tags;
  }

  async tagsUpdate(
    name: string,
    tags: Readonly<Record<string, string | null>>,
  ): Promise<Readonly<Record<string, string>>> {
    const told = { type: "service_tags_update", description: "tags" };
    const after = await this.#all.change(name, told, (record) => {
      const merged = Object.entries({ ...record.tags, ...tags });
      return { ...record, tags: checkTags(withoutNull(merged)) };
    });
    return after.tags;
  }

  async tagsReplace(
    name: string,
    tags: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>> {
    const told = { type: "service_tags_replace", description: "tags" };
    return (await this.#all.change(name, told, (record) => ({ ...record, tags: checkTags(tags) }))).tags;
  }

  events(name?: string, limit = 100): Promise<ServiceEvent[]> {
    return this.#all.store.events.read(name, limit);
  }

  async failover(name: string, wait?: WaitOptions): Promise<Service> {
    await this.#ask(name, "failover", {}, wait);
    await this.#tell(name, "service_failover", "by order");
    return this.get(name);
  }

  async rotateCertificate(name: string): Promise<Service> {
    const { store } = this.#all;
    const told = { type: "service_rotate_certificate", description: "a new certificate is served" };
    await this.#all.change(name, told, async (record) => {
      const certificate = record.certificate + 1;
      await issueCertificate(
        store.disk,
        store.places.service(name),
        await projectAuthority(store),
        certificate,
      );
      return { ...record, certificate };
    });
    return this.get(name);
  }

  async simulate(
    name: string,
    kind: SimulationKind,
    options: SimulationOptions = {},
  ): Promise<SimulationState> {
    const state = (await this.#ask(name, "simulate", { kind, options })) as SimulationState;
    await this.#tell(name, "service_simulate", `${kind} on`);
    return state;
  }

  async simulateStop(name: string, kind: SimulationKind): Promise<void> {
    await this.#ask(name, "simulate-stop", { kind });
    await this.#tell(name, "service_simulate", `${kind} off`);
  }

  async #tell(name: string, type: string, description: string): Promise<void> {
    const { store, actor } = this.#all;
    await store.events.add({ actor, service: name, type, description, changes: [] });
  }

  /** Has the keeper of a service that runs do something. */
  async #ask(
    name: string,
    order: string,
    given: Readonly<Record<string, unknown>> = {},
    wait?: WaitOptions,
  ): Promise<unknown> {
    const { power } = await this.#all.store.read(name);
    if (power === "off") throw new RedoubtError("SERVICE_POWERED_OFF", `The service ${name} is powered off`);
    return this.#all.order(name, { order, arguments: given }, wait);
  }
}

function withoutNull(entries: readonly (readonly [string, string | null])[]): Record<string, string> {
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}
