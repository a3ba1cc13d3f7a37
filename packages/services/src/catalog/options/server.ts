import type { UserConfig } from "../../contract/service.ts";
import type { OptionEffect, OptionRow } from "../option-row.ts";
import type { ServiceTypeName } from "../service-types.ts";

const evictions = [
  "noeviction",
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
];

/** Ten minutes, as managed services do. */
const snapshots = ["600", "1"];

const directive = (
  name: string,
  live: boolean,
  args: (value: unknown, all: UserConfig) => readonly string[] = (value) => [String(value)],
): OptionEffect => ({ by: "directive", directive: name, live, args });

const integer = (min: number, max: number, unit?: string) =>
  ({ kind: "integer", min, max, ...(unit !== undefined && { unit }) }) as const;

const megabytes = 1024 * 1024;

/** What differs between the two servers. */
const limits = {
  redis: { threads: 32, buffer: 512, versions: ["7.0", "7.2"] },
  valkey: { threads: 256, buffer: 262_144, versions: ["7.2", "8.0", "8.1", "9.0", "9.1"] },
} as const;

/**
 * Options of the server itself, without the prefix `redis_` or `valkey_`. Ranges and patterns are those of the managed
 * service's published schema.
 */
export function serverOptions(type: ServiceTypeName): Readonly<Record<string, OptionRow>> {
  const { threads, buffer, versions } = limits[type];
  return {
    ssl: {
      type: { kind: "boolean" },
      default: true,
      effect: { by: "service" },
      meaning: "Whether clients must use TLS.",
      here: "false moves the service to a plain port of its own; the Service URI changes. Wants a confirmation.",
    },
    maxmemory_policy: {
      type: { kind: "word", words: evictions },
      default: "noeviction",
      nullable: true,
      effect: directive("maxmemory-policy", true),
      meaning: "What is evicted when memory is full.",
      here: "maxmemory-policy of every node.",
    },
    timeout: {
      type: integer(0, 2_073_600, "seconds"),
      default: 300,
      effect: directive("timeout", true),
      meaning:
        "After how long an idle connection is closed; 0 for never. Subscribers and waiting clients are spared.",
      here: "timeout of every node; a terminator that follows it changes too.",
    },
    notify_keyspace_events: {
      type: {
        kind: "text",
        maxLength: 32,
        pattern: /^[KEg$lshzxentdmA]*$/,
        patternMeaning: "letters of K E g $ l s h z x e n t d m A",
      },
      default: "",
      effect: directive("notify-keyspace-events", true),
      meaning: "Which events of keys are published.",
      here: "notify-keyspace-events of every node.",
    },
    persistence: {
      type: { kind: "word", words: ["off", "rdb"] },
      default: "rdb",
      effect: directive("save", true, (value, all) =>
        value === "off" || all["frequent_snapshots"] === false ? [""] : snapshots,
      ),
      meaning:
        "rdb: a snapshot every ten minutes where something changed. off: none, and no backups and forks.",
      here: "save of every node, and the schedule of backups.",
    },
    acl_channels_default: {
      type: { kind: "word", words: ["allchannels", "resetchannels"] },
      default: "allchannels",
      effect: { by: "service" },
      meaning: "What channels a new user may use whose own list does not say.",
      here: "The ACL of users that are created from then on.",
    },
    number_of_databases: {
      type: integer(1, 128),
      default: 16,
      effect: directive("databases", false),
      meaning: "How many databases SELECT can choose from.",
      here: "databases of every node; restarts it. What lies in databases that go is lost, so fewer are refused while they hold keys.",
    },
    io_threads: {
      type: integer(1, threads),
      default: 1,
      effect: directive("io-threads", false),
      meaning: "Threads that read from and write to clients.",
      here: "io-threads of every node; restarts it.",
    },
    lfu_log_factor: {
      type: integer(0, 100),
      default: 10,
      effect: directive("lfu-log-factor", true),
      meaning: "How slowly the counter of uses saturates (LFU eviction).",
      here: "lfu-log-factor of every node.",
    },
    lfu_decay_time: {
      type: integer(1, 120, "minutes"),
      default: 1,
      effect: directive("lfu-decay-time", true),
      meaning: "After how long the counter of uses sinks (LFU eviction).",
      here: "lfu-decay-time of every node.",
    },
    pubsub_client_output_buffer_limit: {
      type: integer(32, buffer, "MB"),
      default: 32,
      effect: directive(
        "client-output-buffer-limit",
        true,
        // The soft limit is a quarter of the hard one, over a minute.
        (value) => [
          "pubsub",
          String(Number(value) * megabytes),
          String((Number(value) * megabytes) / 4),
          "60",
        ],
      ),
      meaning: "What may wait for a slow subscriber before it is cut.",
      here: "client-output-buffer-limit pubsub of every node.",
    },
    version: {
      type: { kind: "word", words: versions },
      nullable: true,
      effect: { by: "service" },
      meaning: "The major version of the server.",
      here: "Refused where the installed server is of another version.",
    },
    ...(type === "valkey" && valkeyOnly),
  };
}

const valkeyOnly: Readonly<Record<string, OptionRow>> = {
  active_expire_effort: {
    type: integer(1, 10),
    default: 1,
    effect: directive("active-expire-effort", true),
    meaning: "How hard expired keys are looked for.",
    here: "active-expire-effort of every node.",
  },
  activedefrag: {
    type: { kind: "boolean" },
    default: false,
    effect: directive("activedefrag", true, (value) => [value === true ? "yes" : "no"]),
    meaning: "Whether memory is defragmented while serving.",
    here: "activedefrag of every node.",
  },
};
