import { judgeName } from "../names/resource-name.ts";
import { fault } from "./fault.ts";
import { Late } from "./late.ts";
import type { Resource } from "./resource.ts";
import type { ResolveContext, Value } from "./value.ts";

/** A place that a resource listens at, as the user describes it. */
export interface EndpointOptions {
  /** Default: the scheme. */
  readonly name?: string;
  /** Default `tcp`. */
  readonly scheme?: string;
  /** The port that the program itself listens on. Default: any free one. */
  readonly targetPort?: number;
  /** The port on this machine. Default: `targetPort` for a program of this machine, else any free one. */
  readonly port?: number;
  /** The variable in which the program is told its port. */
  readonly env?: string;
  /** Whether it is to be reached from outside when published. Default false. */
  readonly external?: boolean;
  /** Default: whether the scheme is `https` or `rediss`. */
  readonly tls?: boolean;
}

/** Something to know of an endpoint. */
export type EndpointProperty =
  | "url"
  | "host"
  | "port"
  | "scheme"
  | "targetPort"
  | "hostAndPort"
  | "tlsEnabled";

/** Where an endpoint is on this machine. */
export interface Allocated {
  /** `localhost` */
  readonly host: string;
  readonly port: number;
}

/** How containers call the machine that they run on. */
const machineOfContainers = "host.docker.internal";

/** A resource that may run inside a container: then other containers know it by its name. */
interface Owner extends Resource {
  readonly containerised?: boolean;
}

/** A place that a resource listens at. */
export class Endpoint {
  readonly owner: Resource;
  readonly name: string;
  scheme: string;
  targetPort: number | undefined;
  port: number | undefined;
  env: string | undefined;
  external: boolean;
  tls: boolean;
  /** Filled when the app runs, before the resource starts. */
  readonly allocated = new Late<Allocated>();

  /** @throws RedoubtError `APP_NAME`, `APP_MODEL` for a port that is none */
  constructor(owner: Resource, options: EndpointOptions = {}) {
    const { scheme = "tcp", targetPort, port, env, external = false } = options;
    const { name = scheme } = options;
    const wrong = judgeName(name, "endpoint");
    if (wrong !== null) throw fault("APP_NAME", wrong);
    for (const [key, number] of Object.entries({ targetPort, port }))
      if (number !== undefined && !(Number.isInteger(number) && number >= 1 && number <= 65_535))
        throw fault("APP_MODEL", `${key} of the endpoint "${name}" needs a port from 1 to 65535`);
    this.owner = owner;
    this.name = name;
    this.scheme = scheme;
    this.targetPort = targetPort;
    this.port = port;
    this.env = env;
    this.external = external;
    this.tls = options.tls ?? (scheme === "https" || scheme === "rediss");
  }

  /** Something to know of it, published as `{cache.bindings.tcp.host}`. `url` is `http://localhost:3000`. */
  property(property: EndpointProperty): Value {
    return new EndpointValue(this, property);
  }

  get url(): Value {
    return this.property("url");
  }

  get host(): Value {
    return this.property("host");
  }

  /** Where a reader finds it. */
  async address({ viewpoint, signal }: ResolveContext): Promise<Allocated> {
    const here = await this.allocated.get(signal);
    if (viewpoint === "host") return here;
    return (this.owner as Owner).containerised === true
      ? { host: this.owner.name, port: this.targetPort ?? here.port }
      : { host: machineOfContainers, port: here.port };
  }
}

/** Something to know of an endpoint, see {@link Endpoint.property}. */
export class EndpointValue implements Value {
  readonly endpoint: Endpoint;
  readonly property: EndpointProperty;
  readonly secret = false;

  constructor(endpoint: Endpoint, property: EndpointProperty) {
    this.endpoint = endpoint;
    this.property = property;
  }

  get published(): string {
    const { owner, name } = this.endpoint;
    const stem = `${owner.name}.bindings.${name}`;
    return this.property === "hostAndPort" ? `{${stem}.host}:{${stem}.port}` : `{${stem}.${this.property}}`;
  }

  get needs(): readonly Resource[] {
    return [this.endpoint.owner];
  }

  async resolve(context: ResolveContext): Promise<string | undefined> {
    const { scheme, targetPort, tls, allocated } = this.endpoint;
    if (this.property === "scheme") return scheme;
    if (this.property === "tlsEnabled") return String(tls);
    if (this.property === "targetPort")
      return String(targetPort ?? (await allocated.get(context.signal)).port);
    const { host, port } = await this.endpoint.address(context);
    switch (this.property) {
      case "host":
        return host;
      case "port":
        return String(port);
      case "hostAndPort":
        return `${host}:${port}`;
      case "url":
        return `${scheme}://${host}:${port}`;
      default:
        return this.property satisfies never;
    }
  }
}
