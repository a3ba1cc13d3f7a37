import type { OptionRow } from "../option-row.ts";
import type { ServiceTypeName } from "../service-types.ts";

/** Names of services, as the original allows them. */
export const serviceNamePattern = /^[a-z][-a-z0-9]{0,63}$/;

const serviceName = {
  kind: "text",
  maxLength: 64,
  pattern: serviceNamePattern,
  patternMeaning: "a letter, then letters, digits and dashes, all small",
} as const;

/** Options of the service around the server. */
export function serviceOptions(type: ServiceTypeName): Readonly<Record<string, OptionRow>> {
  return {
    ip_filter: {
      type: { kind: "networks", maxItems: 8000 },
      default: ["0.0.0.0/0", "::/0"],
      effect: { by: "service" },
      meaning: "Networks that may connect. The empty list lets nobody in.",
      here: "Checked when a connection is accepted; for the route terminator, and refused for direct.",
    },
    service_log: {
      type: { kind: "boolean" },
      default: true,
      nullable: true,
      effect: { by: "service" },
      meaning: "Whether logs are kept for `redoubt service logs`.",
      here: "false: none is shown, and only the newest lines stay on disk.",
    },
    backup_hour: {
      type: { kind: "integer", min: 0, max: 23, unit: "UTC" },
      nullable: true,
      effect: { by: "service" },
      meaning: "The hour of the daily backup.",
      here: "The schedule of backups: once a day at that hour; without it every twelve hours.",
    },
    backup_minute: {
      type: { kind: "integer", min: 0, max: 59, unit: "UTC" },
      nullable: true,
      effect: { by: "service" },
      meaning: "The minute of the daily backup.",
      here: "The schedule of backups.",
    },
    recovery_basebackup_name: {
      type: {
        kind: "text",
        maxLength: 128,
        pattern: /^[a-zA-Z0-9\-_:.]+$/,
        patternMeaning: "letters, digits and - _ : .",
      },
      createOnly: true,
      effect: { by: "service" },
      meaning: "The backup that a fork begins with.",
      here: "With service_to_fork_from: that backup in place of the newest.",
    },
    service_to_fork_from: {
      type: serviceName,
      nullable: true,
      createOnly: true,
      effect: { by: "service" },
      meaning: "The service whose data a new one begins with.",
      here: "The new service starts from a backup of that one.",
    },
    project_to_fork_from: {
      type: serviceName,
      nullable: true,
      createOnly: true,
      effect: { by: "kept" },
      meaning: "The project of the service to fork from.",
      here: "Nothing: there is one project on a machine.",
    },
    ...(type === "valkey" &&
      ({
        frequent_snapshots: {
          type: { kind: "boolean" },
          default: true,
          effect: { by: "service" },
          meaning: "Whether snapshots are taken every ten minutes, and not only for backups.",
          here: "save of every node, together with valkey_persistence.",
        },
      } satisfies Record<string, OptionRow>)),
  };
}
