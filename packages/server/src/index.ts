export {
  Authority,
  type CertificateOptions,
  createAuthority,
  createSelfSigned,
  openAuthority,
} from "./certificates/authority.ts";
export { IssuedCertificate } from "./certificates/issued.ts";
export { type CertificateKind, certificateKinds, issueKind } from "./certificates/kinds.ts";
export { StoredCertificate } from "./certificates/stored.ts";
export { ControlConnection, type ControlTarget } from "./control/connection.ts";
export type { Reply } from "./control/reply.ts";
export type { Direction } from "./faults/link.ts";
export { FaultProxy, type FaultProxyOptions, startFaultProxy } from "./faults/proxy.ts";
export type { UserOptions } from "./server/config.ts";
export type { Listening, ServerEnd, ServerOptions, TlsProtocol } from "./server/options.ts";
export { RedisServer, type UriOptions } from "./server/server.ts";
export { startServer } from "./server/start.ts";
export { type Cluster, type ClusterOptions, startCluster } from "./topologies/cluster.ts";
export {
  type ReplicaSet,
  type ReplicasOptions,
  type SharedOptions,
  startReplicas,
} from "./topologies/replicas.ts";
export { type SentinelSet, type SentinelsOptions, startSentinels } from "./topologies/sentinels.ts";
