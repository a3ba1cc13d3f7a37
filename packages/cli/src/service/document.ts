import { mask } from "@redoubt/client";
import type { Service, ServiceUser } from "@redoubt/services";
import type { Item } from "./table.ts";

/**
 * A service as JSON and for `--format`, in the names that the command line of managed services has. Passwords are masked
 * unless they are to be shown.
 */
export function serviceDocument(service: Service, reveal: boolean): Item {
  const { password } = service.uriParams;
  const shown = (text: string) => (reveal ? text : masked(text, password));
  return {
    service_name: service.name,
    service_type: service.type,
    state: service.state,
    plan: service.plan,
    version: service.version,
    revision: service.revision,
    create_time: service.created,
    update_time: service.updated,
    service_uri: shown(service.uri),
    service_uri_params: {
      host: service.uriParams.host,
      port: service.uriParams.port,
      user: service.uriParams.user,
      password: reveal ? password : mask,
      ssl: service.uriParams.tls,
    },
    components: service.components.map(({ component, host, port, route, usage, tls, uri }) => ({
      component,
      host,
      port,
      route,
      usage,
      ssl: tls,
      connection_uri: shown(uri),
    })),
    route: service.route,
    idle_limit: service.idle,
    commands: service.policy.commands,
    scripts: service.policy.scripts,
    user_config: configDocument(service.userConfig, reveal),
    users: service.users.map((user) => userDocument(user, reveal)),
    node_states: service.nodes.map(({ name, kind, role, state, pid, port, restarts }) => ({
      name,
      kind,
      role,
      state,
      pid,
      port,
      restarts,
    })),
    clients: service.clients,
    plain: service.plain,
    ca_file: service.caFile,
    certificate: service.certificate,
    maintenance: { dow: service.maintenance.dayOfWeek, time: service.maintenance.time },
    tags: service.tags,
    termination_protection: service.terminationProtection,
    simulations: service.simulations,
    service_notifications: service.notifications,
    folder: service.folder,
  };
}

/** A user as JSON and for `--format`. */
export function userDocument(
  { username, type, password, accessControl }: ServiceUser,
  reveal: boolean,
): Item {
  return {
    username,
    type,
    password: reveal ? password : mask,
    access_control: {
      redis_acl_categories: accessControl?.categories ?? null,
      redis_acl_commands: accessControl?.commands ?? null,
      redis_acl_channels: accessControl?.channels ?? null,
      redis_acl_keys: accessControl?.keys ?? null,
    },
  };
}

function configDocument(config: Service["userConfig"], reveal: boolean): Item {
  const { migration, ...others } = config;
  if (reveal || typeof migration !== "object" || migration === null || !("password" in migration))
    return config;
  return { ...others, migration: { ...migration, password: mask } };
}

/** A connection string without its password. */
export function masked(uri: string, password: string): string {
  if (password === "") return uri;
  return uri.replaceAll(encodeURIComponent(password), mask).replaceAll(password, mask);
}

/** Columns of a list of services. */
export const serviceColumns = [
  "service_name",
  "service_type",
  "state",
  "plan",
  "create_time",
  "update_time",
  "service_notifications",
] as const;

/** What `-v` adds. */
export const serviceDetails = [
  "service_uri",
  "version",
  "route",
  "idle_limit",
  "ca_file",
  "user_config",
  "tags",
  "termination_protection",
  "maintenance",
  "clients",
  "folder",
] as const;

/** Columns of a list of users. */
export const userColumns = [
  "username",
  "type",
  "access_control.redis_acl_keys",
  "access_control.redis_acl_commands",
  "access_control.redis_acl_categories",
  "access_control.redis_acl_channels",
] as const;
