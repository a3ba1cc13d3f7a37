import type { ConnectionStatus } from "./health.ts";

/** What `npm start` tells: nothing in it is secret. */
export interface Greeting {
  /** Of the service, `http://127.0.0.1:3000`. */
  readonly address: string;
  /** What the service itself says about its connection. */
  readonly connection: ConnectionStatus;
  readonly redis: { readonly host: string; readonly port: number; readonly caFile: string };
  /** Where the password is, for redis-cli. */
  readonly passwordFile: string;
}

/** The lines that `npm start` prints once everything runs. */
export function greet({ address, connection, redis, passwordFile }: Greeting): string {
  const { tls } = connection;
  if (tls === null) throw new Error("The service has no TLS connection to Redis.");
  const { certificate } = tls;
  const rows: readonly (readonly [name: string, value: string])[] = [
    ["Page", `${address}/`],
    ["API", `${address}/todo`],
    ["Service URI", connection.uri],
    ["Redis", `${connection.server} at ${connection.address}`],
    ["TLS", `${tls.protocol}, ${tls.cipher}`],
    [
      "Certificate",
      `${tls.verification === "full" ? "verified" : "NOT FULLY VERIFIED"} for ${tls.verifiedName}`,
    ],
    ["", `names: ${certificate.names.join(", ")}`],
    ["", `issuer: ${certificate.issuer}, days left: ${certificate.daysLeft}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    "Todos, kept in a real Redis over verified TLS.",
    "",
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    "",
    "Look inside (the password stays in its file):",
    "",
    `  REDISCLI_AUTH="$(cat ${passwordFile})" redis-cli --tls --cacert ${redis.caFile} -h ${redis.host} -p ${redis.port}`,
    "",
    "Ctrl-C stops the service and Redis, and removes their files.",
    "",
  ].join("\n");
}
