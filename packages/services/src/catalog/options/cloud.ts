import type { FieldRow, OptionRow } from "../option-row.ts";
import type { ServiceTypeName } from "../service-types.ts";

const kept = { by: "kept" } as const;
const text = (maxLength: number) => ({ kind: "text", maxLength }) as const;

const access = (type: ServiceTypeName, meaning: string, here: string): OptionRow => ({
  type: {
    kind: "group",
    fields: Object.fromEntries(
      [type, "prometheus"].map((component): [string, FieldRow] => [
        component,
        { type: { kind: "boolean" }, default: false, meaning: `${meaning} (${component}).` },
      ]),
    ),
  },
  effect: kept,
  meaning: `${meaning}.`,
  here,
});

/** Options that place a service in a cloud. */
export function cloudOptions(type: ServiceTypeName): Readonly<Record<string, OptionRow>> {
  return {
    static_ips: {
      type: { kind: "boolean" },
      default: false,
      effect: kept,
      meaning: "Whether the addresses of a service stay the same.",
      here: "Nothing: the address of this machine and the port of the service always stay the same.",
    },
    public_access: access(
      type,
      "A second, public endpoint of a service inside of a private network",
      "Nothing: a service listens on loopback and is not published. `redoubt terminate --exposed` does that, with checks.",
    ),
    private_access: access(
      type,
      "A name that always leads to private addresses",
      "Nothing: every name of the service leads to loopback.",
    ),
    privatelink_access: access(
      type,
      "An endpoint for the private links of a cloud",
      "Nothing: there are no private links on one machine.",
    ),
    additional_backup_regions: {
      type: {
        kind: "texts",
        maxItems: 1,
        item: {
          kind: "text",
          maxLength: 64,
          pattern: /^[a-z0-9-]+$/,
          patternMeaning: "small letters, digits and dashes",
        },
      },
      effect: kept,
      meaning: "Another region that backups are copied to.",
      here: "Nothing: there is one region, this machine.",
    },
    migration: {
      type: {
        kind: "group",
        fields: {
          host: { type: text(255), required: true, meaning: "Host of the Redis to move from." },
          port: {
            type: { kind: "integer", min: 1, max: 65_535 },
            required: true,
            meaning: "Its port.",
          },
          ssl: { type: { kind: "boolean" }, default: true, meaning: "Whether it speaks TLS." },
          username: { type: text(256), meaning: "User to log in as." },
          password: { type: text(256), secret: true, meaning: "Password of that user." },
          dbname: { type: text(63), meaning: "The database to move; Redis has numbers." },
          ignore_dbs: { type: text(2048), meaning: "Databases to leave out, by comma." },
          ignore_roles: { type: text(2048), meaning: "Roles to leave out; Redis has none." },
          method: {
            type: { kind: "word", words: ["dump", "replication"] },
            meaning: "Copy once, or follow until the switch.",
          },
        },
      },
      nullable: true,
      effect: kept,
      meaning: "Another Redis whose data a managed service would move into this one.",
      here: "Nothing: data is moved by a fork, a backup, or the tools of the server.",
    },
    ...(type === "valkey" && {
      enable_ipv6: {
        type: { kind: "boolean" },
        default: false,
        effect: kept,
        meaning: "Whether the service has an IPv6 address.",
        here: "Nothing: a service listens on ::1 wherever the machine has IPv6.",
      } satisfies OptionRow,
    }),
  };
}
