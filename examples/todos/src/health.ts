import { type Client, format, type TlsReport } from "@redoubt/client";
import type { FastifyInstance } from "fastify";

/** What `GET /connection` answers: how the service is connected to Redis, without any secret. */
export interface ConnectionStatus {
  /** Whether there is a connection now. The rest is `null` while there is none. */
  readonly connected: boolean;
  /** The Service URI, password masked. */
  readonly uri: string;
  /** The address that answered, `127.0.0.1:6380`. */
  readonly address: string | null;
  /** For example `redis 7.0.15`. */
  readonly server: string | null;
  /** `null` also for a connection without TLS. */
  readonly tls: TlsReport | null;
}

/** `GET /live`: the process answers. `GET /ready`: Redis answers too. `GET /connection`: see {@link ConnectionStatus}. */
export function healthRoutes(app: FastifyInstance, client: Client): void {
  app.get("/live", () => ({ live: true }));

  app.get("/ready", async () => {
    await client.ping();
    return { ready: true };
  });

  app.get("/connection", (): ConnectionStatus => {
    const { report } = client;
    return {
      connected: report !== null,
      uri: format(client.target, "url"),
      address: report?.address ?? null,
      server: report === null ? null : [report.server.product, report.server.version].join(" ").trim(),
      tls: report?.tls ?? null,
    };
  });
}
