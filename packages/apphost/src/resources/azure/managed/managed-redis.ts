import type { App } from "../../../model/app.ts";
import { call, interpolate, ref } from "../../../template/expr.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { judgeExisting } from "../judge-existing.ts";
import type { Principal, Role } from "../principal.ts";
import { AzureRedis } from "../redis.ts";
import type { Finding } from "../violation.ts";
import { clusterBody, databaseProperties } from "./body.ts";
import { ManagedRedisInfrastructure } from "./infrastructure.ts";
import { judgeManaged } from "./judge.ts";

/**
 * An Azure Managed Redis: a cluster with one database on port 10000, which programs reach with TLS and, unless the app says
 * otherwise, Microsoft Entra ID.
 *
 * Azure's own default is the cluster protocol (`OSSCluster`), which a plain client does not speak; `configureInfrastructure` chooses
 * another: `({ database }) => { database.clusteringPolicy = "EnterpriseCluster"; }`.
 */
export class AzureManagedRedis extends AzureRedis<ManagedRedisInfrastructure> {
  readonly type = "azure-managed-redis";
  readonly azure = { type: "Microsoft.Cache/redisEnterprise", apiVersion: "2025-07-01" };
  override readonly privateLink = { group: "redisEnterprise", zone: "privatelink.redis.azure.net" };
  protected readonly portNumber = 10_000;
  /** Access has no roles: the policy is always `default`. */
  override roles: readonly Role[] | undefined = [];

  constructor(app: App, name: string) {
    super(app, name);
    this.icon = "Database";
  }

  /** Declares cluster and database as existing, and gives each principal the policy `default`, one after the other. */
  override assignRoles(infrastructure: Infrastructure, principals: readonly Principal[]): void {
    this.declareIn(infrastructure, this.roleScope);
    const database = `${this.symbol}_default`;
    const { type, apiVersion } = this.azure;
    if (infrastructure.find(database) === undefined)
      infrastructure.add({
        symbol: database,
        type: `${type}/databases`,
        apiVersion,
        existing: true,
        name: "default",
        parent: this.symbol,
      });
    let before: string | undefined;
    for (const { id, suffix } of principals) {
      const principalId = id();
      const symbol = `${database}_contributor${suffix}`;
      infrastructure.add({
        symbol,
        type: `${type}/databases/accessPolicyAssignments`,
        apiVersion,
        name: call("guid", ref(database, "id"), principalId, "default"),
        body: { properties: { accessPolicyName: "default", user: { objectId: principalId } } },
        parent: database,
        // Azure refuses two changes of one database at a time.
        ...(before === undefined ? {} : { dependsOn: [before] }),
      });
      before = symbol;
    }
  }

  protected override encrypted(): boolean {
    return this.settings().database.clientProtocol !== "Plaintext";
  }

  protected create(): ManagedRedisInfrastructure {
    return this.reserve(
      new ManagedRedisInfrastructure(this.name, {
        keys: this.useAccessKeyAuthentication(),
        privately: this.privateEndpoints.length > 0,
      }),
    );
  }

  protected declare(infrastructure: ManagedRedisInfrastructure): void {
    const { cluster, database } = infrastructure;
    const { symbol, azure } = this;
    const child = {
      symbol: database.symbol,
      type: `${azure.type}/databases`,
      apiVersion: azure.apiVersion,
      name: "default",
      parent: symbol,
    };
    if (this.existing === undefined) {
      infrastructure.add({ symbol, ...azure, name: cluster.name, body: clusterBody(cluster) });
      infrastructure.add({ ...child, body: { properties: databaseProperties(database) } });
      this.declareVault(infrastructure);
    } else {
      this.declareExisting(infrastructure);
      this.declareVault(infrastructure);
      if (this.useAccessKeyAuthentication()) infrastructure.add({ ...child, existing: true });
    }
    const host = ref(symbol, "properties.hostName");
    const tls = database.clientProtocol !== "Plaintext";
    const key = ref(database.symbol).invoke("listKeys").get("primaryKey");
    if (this.useAccessKeyAuthentication())
      this.declareSecrets(infrastructure, {
        connectionString: interpolate`${host}:10000,ssl=${String(tls)},password=${key}`,
        primaryAccessKey: key,
      });
    else infrastructure.output("connectionString", interpolate`${host}:10000,ssl=${String(tls)}`);
    this.declareOutputs(infrastructure, true);
  }

  protected override *findings(infrastructure: ManagedRedisInfrastructure): Generator<Finding> {
    if (this.existing === undefined) yield* judgeManaged(infrastructure);
    else {
      const { cluster, database } = this.create();
      yield* judgeExisting("cluster", cluster, infrastructure.cluster);
      yield* judgeExisting("database", database, infrastructure.database);
    }
  }
}
