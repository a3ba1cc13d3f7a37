import { validateCreation } from "@redoubt/network";
import { known } from "../setting.ts";
import { judgeTags } from "../tags.ts";
import type { Finding } from "../violation.ts";
import type { ClassicCache, ClassicConfiguration } from "./shape.ts";

/** The subnet that a cache is to be created in, as far as it is known. */
export interface ClassicPlace {
  readonly prefix: string | undefined;
  readonly networkPrefixes: readonly string[];
  /** Region of the network; `undefined` for that of the resource group. */
  readonly networkRegion: string | undefined;
  /** Types of what else is in the subnet. */
  readonly strangers: readonly string[];
  /** Sizes of the other caches in the subnet. */
  readonly others: readonly { readonly shards?: number; readonly replicasPerPrimary?: number }[];
  readonly usedAddresses: readonly string[];
  readonly privateEndpoint: boolean;
}

const capacities = { C: [0, 6], P: [1, 5] } as const;

/** Everything that Azure would refuse of a new classic cache, as far as it can be told before. */
export function* judgeClassic(cache: ClassicCache, place: ClassicPlace | undefined): Generator<Finding> {
  const { sku, redisConfiguration } = cache;
  const premium = sku.name === "Premium";
  const family = premium ? "P" : "C";
  if (sku.family !== family)
    yield {
      key: "cache.sku.family",
      message: `${sku.name} is of family ${family}, not ${sku.family}.`,
      fix: `Set it to "${family}".`,
    };
  const [least, most] = capacities[family];
  if (!(Number.isInteger(sku.capacity) && sku.capacity >= least && sku.capacity <= most))
    yield {
      key: "cache.sku.capacity",
      message: `Sizes of ${sku.name} go from ${family}${least} to ${family}${most}; there is no ${family}${sku.capacity}.`,
      fix: "Choose one of them.",
    };
  if (!premium)
    for (const key of ["shardCount", "replicasPerPrimary"] as const)
      if (cache[key] !== undefined)
        yield {
          key: `cache.${key}`,
          message: `Only Premium has it; this is ${sku.name}.`,
          fix: 'Set sku.name to "Premium", or leave it out.',
        };
  yield* judgeWhole("cache.shardCount", cache.shardCount, 1, 30);
  yield* judgeWhole("cache.replicasPerPrimary", cache.replicasPerPrimary, 1, 3);
  yield* judgePersistence(redisConfiguration, premium);
  const keysOff = known(cache.disableAccessKeyAuthentication) === true;
  if (keysOff && known(redisConfiguration["aad-enabled"] ?? "false") === "false")
    yield {
      key: "cache.disableAccessKeyAuthentication",
      message: "With neither keys nor Microsoft Entra ID nobody could connect.",
      fix: 'Set redisConfiguration["aad-enabled"] to "true", or leave the keys on.',
    };
  if (known(redisConfiguration.authnotrequired) === "true" && place === undefined)
    yield {
      key: "cache.redisConfiguration.authnotrequired",
      message: "A cache that is open to everybody is possible inside a virtual network only.",
      fix: "Leave it out.",
    };
  for (const { key, message, fix, severity } of creation(cache, place))
    if (severity !== "info") yield { key: `cache.${key}`, severity, message, fix };
  yield* judgeTags("cache.tags", cache.tags);
}

function creation(cache: ClassicCache, place: ClassicPlace | undefined): ReturnType<typeof validateCreation> {
  const subnet = place?.prefix;
  const region = known(cache.location);
  return validateCreation({
    // The name that is made of the resource's is good.
    name: known(cache.name) ?? "cache",
    tier: cache.sku.name,
    location: region ?? "",
    ...(cache.shardCount === undefined ? {} : { shards: cache.shardCount }),
    ...(cache.replicasPerPrimary === undefined ? {} : { replicasPerPrimary: cache.replicasPerPrimary }),
    ...(cache.staticIP === undefined ? {} : { staticIp: cache.staticIP }),
    privateEndpoint: place?.privateEndpoint ?? false,
    ...(place === undefined || subnet === undefined
      ? {}
      : {
          subnet: {
            prefix: subnet,
            vnetPrefixes: place.networkPrefixes,
            otherResources: place.strangers,
            // What is not said is the region of the group, and the same for both.
            ...(region === undefined || place.networkRegion === undefined
              ? {}
              : { vnetLocation: place.networkRegion }),
            caches: place.others,
            usedAddresses: place.usedAddresses,
          },
        }),
  });
}

function* judgePersistence(configuration: ClassicConfiguration, premium: boolean): Generator<Finding> {
  const key = "cache.redisConfiguration";
  const aof = known(configuration["aof-backup-enabled"]) === "true";
  const rdb = known(configuration["rdb-backup-enabled"]) === "true";
  if ((aof || rdb) && !premium)
    yield { key, message: "Only Premium is persistent.", fix: 'Set sku.name to "Premium", or leave it out.' };
  if (aof && rdb)
    yield { key, message: "Snapshots and the log of writes exclude each other.", fix: "Enable one of them." };
  const identity = known(configuration["preferred-data-persistence-auth-method"]) === "ManagedIdentity";
  if (rdb && configuration["rdb-storage-connection-string"] === undefined && !identity)
    yield {
      key: `${key}.rdb-storage-connection-string`,
      message: "Snapshots need a storage account.",
      fix: "Set its connection string, by a secret parameter.",
    };
  if (aof && configuration["aof-storage-connection-string-0"] === undefined && !identity)
    yield {
      key: `${key}.aof-storage-connection-string-0`,
      message: "The log of writes needs a storage account.",
      fix: "Set its connection string, by a secret parameter.",
    };
  for (const [name, value] of Object.entries(configuration))
    if (typeof value !== "object" && typeof value !== "string" && value !== undefined)
      yield {
        key: `${key}.${name}`,
        message: "All of these settings are texts.",
        fix: "Write it in quotes.",
      };
}

function* judgeWhole(
  key: string,
  value: number | undefined,
  least: number,
  most: number,
): Generator<Finding> {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  yield { key, message: `It is a whole number from ${least} to ${most}, not ${value}.`, fix: "Change it." };
}
