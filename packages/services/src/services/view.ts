import { planNamed } from "../catalog/plans.ts";
import { settingsOf } from "../catalog/settings.ts";
import type { Route, Service, ServiceComponent, ServiceState } from "../contract/service.ts";
import type { ServiceUser } from "../contract/user.ts";
import { readCertificate } from "../identity/certificates.ts";
import { plainPort, tlsPort } from "../routes/doors.ts";
import { readSimulations } from "../simulate/simulations.ts";
import type { ServicePlaces } from "../state/places.ts";
import type { ServiceRecord, UserRecord } from "../state/record.ts";
import type { ServiceStatus } from "../state/status.ts";

/** Clients that are connected, by the way they came. */
export type ClientCounts = Readonly<Record<Route | "plain", number>>;

/** What is known of a service beside its record. */
export interface Seen {
  readonly status: ServiceStatus | null;
  readonly clients: ClientCounts;
  /** Whether its keeper lives. */
  readonly kept: boolean;
}

/** Where clients dial a service, and how. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** Where clients dial, now or as it would be. */
export function addressOf(record: ServiceRecord, primary: string | null): Address {
  const plan = planNamed(record.plan);
  const { tls } = settingsOf(record.type, plan, record.userConfig);
  const { topology } = plan;
  const port = tls ? tlsPort({ record }, primary) : plainPort({ record, topology });
  return { host: "localhost", port, tls };
}

/** A connection string for a user of a service, in the form that every program reads. */
export function uriOf(
  { host, port, tls }: Address,
  { username, password }: Pick<UserRecord, "username" | "password">,
  database?: number,
): string {
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  return `${tls ? "rediss" : "redis"}://${login}@${host}:${port}${database === undefined ? "" : `/${database}`}`;
}

/** A user as it is shown. */
export function userView({ username, password, access }: UserRecord): ServiceUser {
  return { username, password, type: username === "default" ? "primary" : "normal", accessControl: access };
}

/** Everything about a service. */
export async function serviceView(
  record: ServiceRecord,
  places: ServicePlaces,
  { status, clients, kept }: Seen,
): Promise<Service> {
  const primary = status?.primary ?? null;
  const address = addressOf(record, primary);
  const user = defaultUser(record);
  const { name, type, plan, revision, created, updated, route, idle, policy, userConfig, tags } = record;
  const state = stateOf(record, status, kept);
  return {
    name,
    type,
    plan,
    state,
    revision,
    created,
    updated,
    version: status?.version ?? null,
    uri: uriOf(address, user),
    uriParams: { ...address, user: user.username, password: user.password },
    components: componentsOf(record, address, status),
    route,
    idle,
    policy,
    userConfig,
    users: record.users.map(userView),
    nodes: kept || state === "POWEROFF" ? (status?.nodes ?? []) : [],
    tags,
    terminationProtection: record.terminationProtection,
    maintenance: record.maintenance,
    plain: record.plain,
    clients,
    caFile: places.project.caFile,
    certificate: await readCertificate(places, record.certificate),
    simulations: await readSimulations(places.folder),
    notifications: notificationsOf(record, status, kept),
    keeper: kept ? (status?.keeper ?? null) : null,
    folder: places.folder,
  };
}

/** The user that the URI of the service names. */
export function defaultUser({ users }: ServiceRecord): UserRecord {
  return users.find(({ username }) => username === "default") as UserRecord;
}

function stateOf(record: ServiceRecord, status: ServiceStatus | null, kept: boolean): ServiceState {
  if (record.power === "off") return "POWEROFF";
  return kept && status !== null && status.state !== "POWEROFF" ? status.state : "REBUILDING";
}

function componentsOf(
  record: ServiceRecord,
  address: Address,
  status: ServiceStatus | null,
): ServiceComponent[] {
  const user = defaultUser(record);
  const main: ServiceComponent = {
    component: record.type,
    ...address,
    route: address.tls ? record.route : "plain",
    usage: "primary",
    uri: uriOf(address, user),
  };
  if (record.route !== "direct" || !address.tls) return [main];
  // Straight to the servers: the others can be dialled as well.
  const others = record.nodes.filter(({ kind, port }) => kind === "data" && port !== address.port);
  return [
    main,
    ...others.map(({ name, port }): ServiceComponent => {
      const there = { ...address, port };
      const role = status?.nodes.find((node) => node.name === name)?.role;
      const usage = role === "replica" ? "replica" : "primary";
      return { component: record.type, ...there, route: "direct", usage, uri: uriOf(there, user) };
    }),
  ];
}

function notificationsOf(record: ServiceRecord, status: ServiceStatus | null, kept: boolean): string[] {
  const sentences: string[] = [];
  if (record.plain !== null)
    sentences.push(
      `Plain text is allowed since ${record.plain.since} by ${record.plain.by}: whoever listens reads passwords and data.`,
    );
  if (record.power === "on" && !kept)
    sentences.push("Nobody keeps it: the next command that needs it starts it.");
  else if (status?.trouble != null) sentences.push(status.trouble);
  return sentences;
}
