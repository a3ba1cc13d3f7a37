import { retirements } from "@redoubt/network";
import type { App } from "../../../model/app.ts";
import { fault } from "../../../model/fault.ts";
import { call, interpolate, ref } from "../../../template/expr.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { judgeExisting } from "../judge-existing.ts";
import { type CacheSubnetOptions, prepareCacheSubnet } from "../network/cache-subnet.ts";
import type { AzureSubnet } from "../network/subnet.ts";
import type { Principal, Role } from "../principal.ts";
import { AzureRedis, type SecretKind } from "../redis.ts";
import { known } from "../setting.ts";
import type { Finding } from "../violation.ts";
import { cacheBody } from "./body.ts";
import { ClassicRedisInfrastructure } from "./infrastructure.ts";
import { type ClassicPlace, judgeClassic } from "./judge.ts";
import type { ClassicSku, ClassicTier } from "./shape.ts";

/** Options of `addAzureRedis`. */
export interface ClassicRedisOptions {
  /** Default `Basic`. */
  readonly tier?: ClassicTier;
  /** 0 to 6 of Basic and Standard, 1 to 5 of Premium. Default 1. */
  readonly capacity?: number;
  /** How many shards a Premium one has. Default: it is not clustered. */
  readonly shards?: number;
}

/**
 * An Azure Cache for Redis: the classic product, on port 6380. It retires on 2028-09-30, and since 2026-04-01 new customers cannot
 * create one: it is here for what exists, and for caches inside a virtual network. For everything new, see `addAzureManagedRedis`.
 */
export class AzureClassicRedis extends AzureRedis<ClassicRedisInfrastructure> {
  readonly type = "azure-redis";
  readonly azure = { type: "Microsoft.Cache/redis", apiVersion: "2024-11-01" };
  override readonly privateLink = { group: "redisCache", zone: "privatelink.redis.cache.windows.net" };
  protected readonly portNumber = 6380;
  /** Access has no roles: the policy is always `Data Contributor`. */
  override roles: readonly Role[] | undefined = [];
  readonly #sku: ClassicSku;
  readonly #shards: number | undefined;
  #place: { readonly subnet: AzureSubnet; readonly options: CacheSubnetOptions } | undefined;

  constructor(app: App, name: string, { tier = "Basic", capacity = 1, shards }: ClassicRedisOptions = {}) {
    super(app, name);
    this.icon = "Database";
    this.#sku = { name: tier, family: tier === "Premium" ? "P" : "C", capacity };
    this.#shards = shards;
    process.emitWarning(
      `${name}: Azure Cache for Redis retires on ${retirements.redis?.retired}, and new customers cannot create one since ${retirements.redis?.closedToNew}. addAzureManagedRedis() adds its successor.`,
      { code: "REDOUBT_RETIRING" },
    );
  }

  /** The subnet that it is in. */
  get subnet(): AzureSubnet | undefined {
    return this.#place?.subnet;
  }

  /**
   * Puts it into a subnet, where only Premium can be, at creation only, and which it shares with other caches at most. The subnet gets
   * a network security group and routes as Microsoft's port tables want them. When the app runs on this machine it stays public,
   * because it could not be reached.
   * @throws RedoubtError `APP_MODEL` when it is in one already
   */
  withVirtualNetwork(subnet: AzureSubnet, options: CacheSubnetOptions = {}): this {
    if (this.#place !== undefined)
      throw fault("APP_MODEL", `"${this.name}" is in the subnet "${this.#place.subnet.name}" already`);
    if (this.app.mode === "run") return this;
    this.#place = { subnet, options };
    subnet.caches.add(this);
    prepareCacheSubnet(subnet, options, {
      clustered: () => this.settings().cache.shardCount !== undefined,
      plaintext: () => this.settings().cache.enableNonSslPort,
    });
    return this;
  }

  override assignRoles(infrastructure: Infrastructure, principals: readonly Principal[]): void {
    const cache = this.declareIn(infrastructure, this.roleScope);
    let before: string | undefined;
    for (const { id, name, suffix } of principals) {
      const principalId = id();
      const symbol = `${this.symbol}_contributor${suffix}`;
      infrastructure.add({
        symbol,
        type: `${this.azure.type}/accessPolicyAssignments`,
        apiVersion: this.azure.apiVersion,
        name: call("guid", cache.get("id"), principalId, "Data Contributor"),
        body: {
          properties: {
            accessPolicyName: "Data Contributor",
            objectId: principalId,
            objectIdAlias: name(),
          },
        },
        parent: this.symbol,
        // Azure refuses two changes of one cache at a time.
        ...(before === undefined ? {} : { dependsOn: [before] }),
      });
      before = symbol;
    }
  }

  /** Upstream writes no other; the key by itself follows once somebody uses it. */
  protected override get secretKinds(): readonly SecretKind[] {
    return ["connectionstrings"];
  }

  protected create(): ClassicRedisInfrastructure {
    const keys = this.useAccessKeyAuthentication();
    const infrastructure = new ClassicRedisInfrastructure(this.name, {
      sku: { ...this.#sku },
      ...(keys
        ? {}
        : { disableAccessKeyAuthentication: true, redisConfiguration: { "aad-enabled": "true" } }),
      ...(this.privateEndpoints.length > 0 ? { publicNetworkAccess: "Disabled" as const } : {}),
      ...(this.#shards === undefined ? {} : { shardCount: this.#shards }),
    });
    this.reserve(infrastructure);
    if (this.#place !== undefined) {
      const { subnet, options } = this.#place;
      Object.assign(infrastructure.cache, {
        subnetId: infrastructure.use(subnet.id()),
        ...(options.staticIp === undefined ? {} : { staticIP: options.staticIp }),
      });
    }
    return infrastructure;
  }

  protected declare(infrastructure: ClassicRedisInfrastructure): void {
    const { cache } = infrastructure;
    const { symbol, azure } = this;
    if (this.existing === undefined)
      infrastructure.add({ symbol, ...azure, name: cache.name, body: cacheBody(cache) });
    else this.declareExisting(infrastructure);
    this.declareVault(infrastructure);
    const host = ref(symbol, "properties.hostName");
    const key = ref(symbol).invoke("listKeys").get("primaryKey");
    if (this.useAccessKeyAuthentication())
      this.declareSecrets(infrastructure, {
        connectionString: interpolate`${host},ssl=true,password=${key}`,
        ...(this.passwordAsked ? { primaryAccessKey: key } : {}),
      });
    else infrastructure.output("connectionString", interpolate`${host},ssl=true`);
    this.declareOutputs(infrastructure, this.outputs.has("id"));
    if (this.#place === undefined) return;
    infrastructure.output("subnetId", ref(symbol, "properties.subnetId"));
    infrastructure.output("staticIP", ref(symbol, "properties.staticIP"));
  }

  protected override *findings(infrastructure: ClassicRedisInfrastructure): Generator<Finding> {
    if (this.existing === undefined) yield* judgeClassic(infrastructure.cache, this.#judgedPlace());
    else yield* judgeExisting("cache", this.create().cache, infrastructure.cache);
  }

  #judgedPlace(): ClassicPlace | undefined {
    if (this.#place === undefined) return undefined;
    const { subnet } = this.#place;
    const { prefix, network } = subnet;
    const others = [...subnet.caches].filter((other) => other !== this);
    const networkPrefix = typeof network.prefix === "string" ? network.prefix : undefined;
    return {
      // Of a prefix that is a parameter nobody knows anything.
      prefix: typeof prefix === "string" && networkPrefix !== undefined ? prefix : undefined,
      networkPrefixes: networkPrefix === undefined ? [] : [networkPrefix],
      networkRegion: network.region(),
      strangers: subnet.privateEndpoints.map(({ azure }) => azure.type),
      others: others.map((other) => other.size()),
      usedAddresses: others.flatMap((other) => other.staticIp() ?? []),
      privateEndpoint: this.privateEndpoints.length > 0,
    };
  }

  /** How many nodes it has, for those who share its subnet. */
  size(): { readonly shards?: number; readonly replicasPerPrimary?: number } {
    const { shardCount: shards, replicasPerPrimary } = this.settings().cache;
    return {
      ...(shards === undefined ? {} : { shards }),
      ...(replicasPerPrimary === undefined ? {} : { replicasPerPrimary }),
    };
  }

  /** The address that it asked for. */
  staticIp(): string | undefined {
    return known(this.#place?.options.staticIp);
  }
}
