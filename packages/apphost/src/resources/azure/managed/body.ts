import type { Input } from "../../../template/expr.ts";
import { identityBody } from "../identity-body.ts";
import type { ManagedCluster, ManagedDatabase } from "./shape.ts";

/** The cluster as it stands in a template. Order of upstream's generator: what is required, then by the alphabet. */
export function clusterBody(cluster: ManagedCluster): { [name: string]: Input } {
  const { encryption, identities, tags, zones } = cluster;
  return {
    location: cluster.location,
    sku: { name: cluster.sku.name },
    properties: {
      encryption: encryption && {
        customerManagedKeyEncryption: {
          keyEncryptionKeyIdentity: {
            identityType: "userAssignedIdentity",
            userAssignedIdentityResourceId: encryption.userAssignedIdentityResourceId,
          },
          keyEncryptionKeyUrl: encryption.keyEncryptionKeyUrl,
        },
      },
      highAvailability: cluster.highAvailability,
      minimumTlsVersion: cluster.minimumTlsVersion,
      publicNetworkAccess: cluster.publicNetworkAccess,
    },
    identity: identities.length === 0 ? undefined : identityBody(identities),
    tags: Object.keys(tags).length === 0 ? undefined : tags,
    zones: zones.length === 0 ? undefined : zones,
  };
}

/** Properties of the database, by the alphabet. */
export function databaseProperties(database: ManagedDatabase): { [name: string]: Input } {
  const { geoReplication, modules, persistence } = database;
  return {
    accessKeysAuthentication: database.accessKeysAuthentication,
    clientProtocol: database.clientProtocol,
    clusteringPolicy: database.clusteringPolicy,
    deferUpgrade: database.deferUpgrade,
    evictionPolicy: database.evictionPolicy,
    geoReplication: geoReplication && {
      groupNickname: geoReplication.groupNickname,
      linkedDatabases: geoReplication.linkedDatabases.map(({ id }) => ({ id })),
    },
    modules: modules.length === 0 ? undefined : modules.map(({ name, args }) => ({ name, args })),
    persistence: persistence && {
      aofEnabled: persistence.aofEnabled,
      aofFrequency: persistence.aofFrequency,
      rdbEnabled: persistence.rdbEnabled,
      rdbFrequency: persistence.rdbFrequency,
    },
    port: database.port,
  };
}
