import { fault } from "./fault.ts";
import { Resource } from "./resource.ts";
import type { ResolveContext, Value } from "./value.ts";

/** A property of a connection: its name, `Host`, and its value. */
export type ConnectionProperty = readonly [name: string, value: Value];

/** A resource that others connect to. Asked anew each time, because the answer follows later calls and the mode. */
export interface HasConnectionString {
  /** The connection string, of StackExchange.Redis' dialect where the resource is a Redis. */
  connectionString(): Value;
  /** Its parts, in the order in which variables are made of them: Host, Port, (Password), Uri. */
  connectionProperties(): readonly ConnectionProperty[];
  /** The variable that consumers get the string in. Default `ConnectionStrings__name`. */
  readonly connectionVariable?: string | undefined;
  /** Further variables that consumers get, under these very names. */
  consumerVariables?(): readonly ConnectionProperty[];
  /** File (PEM) with the authorities that consumers must trust besides the system's. */
  readonly trust?: Value | undefined;
}

/** A resource that others connect to. */
export type ConnectionSource = Resource & HasConnectionString;

/** Whether something is a resource that others connect to. */
export function hasConnectionString(thing: unknown): thing is ConnectionSource {
  return (
    thing instanceof Resource && "connectionString" in thing && typeof thing.connectionString === "function"
  );
}

/** The connection string of a resource, by its name: published as `{cache.connectionString}`. */
export class ConnectionStringReference implements Value {
  readonly resource: ConnectionSource;
  /** Whether it may be absent. */
  readonly optional: boolean;

  constructor(resource: ConnectionSource, options: { readonly optional?: boolean } = {}) {
    this.resource = resource;
    this.optional = options.optional ?? false;
  }

  get published(): string {
    return `{${this.resource.name}.connectionString}`;
  }

  get secret(): boolean {
    return this.resource.connectionString().secret;
  }

  get needs(): readonly Resource[] {
    return [...new Set<Resource>([this.resource, ...this.resource.connectionString().needs])];
  }

  /** @throws RedoubtError `APP_REFERENCE` when there is none and it is not optional */
  async resolve(context: ResolveContext): Promise<string | undefined> {
    const text = await this.resource.connectionString().resolve(context);
    if (text !== undefined || this.optional) return text;
    throw fault("APP_REFERENCE", `"${this.resource.name}" has no connection string`, {
      at: this.resource.madeAt,
    });
  }
}

/** The properties that consumers of a resource get: its own ones and those of `withConnectionProperty`. */
export function connectionPropertiesOf(source: ConnectionSource): readonly ConnectionProperty[] {
  const properties = [...source.connectionProperties()];
  for (const override of source.connectionOverrides) {
    const [name] = override;
    const same = properties.findIndex(([known]) => known.toLowerCase() === name.toLowerCase());
    if (same < 0) properties.push(override);
    else properties[same] = [properties[same]?.[0] ?? name, override[1]];
  }
  return properties;
}

/** One property of a connection; names are compared without case. */
export function connectionProperty(source: ConnectionSource, name: string): Value | undefined {
  return connectionPropertiesOf(source).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
}
