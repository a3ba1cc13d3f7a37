import type { App } from "../model/app.ts";
import {
  type ConnectionProperty,
  type ConnectionSource,
  ConnectionStringReference,
  type HasConnectionString,
} from "../model/connection.ts";
import type { Endpoint } from "../model/endpoint.ts";
import { refExpr } from "../model/expression.ts";
import { fault } from "../model/fault.ts";
import type { Value } from "../model/value.ts";
import { Workload } from "../model/workload.ts";

/** Options of `addTunnel`. */
export interface TunnelOptions {
  /** The port on this machine. Default: any free one. */
  readonly port?: number;
  /** Who logs in at the target: the tunnel with the target's password (default), with tokens of Entra ID, or the program itself. */
  readonly auth?: "inject" | "entra" | "none";
}

/**
 * A plain, local endpoint in front of a Redis that speaks TLS, for programs that do not: the tunnel verifies the target's
 * certificate and logs in for them. Only when the app runs; what is published cannot have it.
 */
export class TunnelResource extends Workload implements HasConnectionString {
  readonly type = "tunnel";
  readonly target: ConnectionSource;
  readonly auth: "inject" | "entra" | "none";
  readonly primary: Endpoint;

  constructor(app: App, name: string, target: ConnectionSource, options: TunnelOptions = {}) {
    super(app, name);
    this.target = target;
    this.auth = options.auth ?? "inject";
    this.withEndpoint({
      name: "tcp",
      scheme: "redis",
      ...(options.port !== undefined && { port: options.port }),
    });
    this.primary = this.getEndpoint("tcp");
    this.excludedFromManifest = true;
    this.icon = "PlugConnected";
    this.waitFor(target);
  }

  /** What the tunnel dials: the target's connection string, which is secret. */
  get to(): Value {
    return new ConnectionStringReference(this.target);
  }

  /** `localhost:port`. @throws RedoubtError `APP_PUBLISH` when the app is published */
  connectionString(): Value {
    if (this.app.mode === "publish")
      throw fault(
        "APP_PUBLISH",
        `the tunnel "${this.name}" exists only on this machine, and something refers to it`,
        {
          at: this.madeAt,
          hint: `Refer to "${this.target.name}" itself when publishing, or run \`redoubt tunnel\` beside the program.`,
        },
      );
    return this.primary.property("hostAndPort");
  }

  connectionProperties(): readonly ConnectionProperty[] {
    const [host, port] = [this.primary.property("host"), this.primary.property("port")];
    return [
      ["Host", host],
      ["Port", port],
      ["Uri", refExpr`redis://${host}:${port}`],
    ];
  }
}
