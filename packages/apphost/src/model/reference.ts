import { variablePrefix } from "@redoubt/client/config";
import { type ConnectionSource, ConnectionStringReference, connectionPropertiesOf } from "./connection.ts";
import type { Endpoint } from "./endpoint.ts";
import { Literal, type Value } from "./value.ts";
import type { Workload } from "./workload.ts";

/** What a reference may put into the environment of the program that refers. */
export type ReferenceVariables =
  | "connectionString"
  | "connectionProperties"
  | "serviceDiscovery"
  | "endpoints";

/** All {@link ReferenceVariables}. */
export const allReferenceVariables: readonly ReferenceVariables[] = [
  "connectionString",
  "connectionProperties",
  "serviceDiscovery",
  "endpoints",
];

/** Something that a program uses. */
export type Reference =
  | {
      readonly kind: "connection";
      readonly source: ConnectionSource;
      /** Default: the resource's name. */
      readonly connectionName: string | undefined;
      readonly optional: boolean;
    }
  | {
      readonly kind: "service";
      readonly source: Workload;
      /** Only this one of its endpoints; `null` for all. */
      readonly endpoint: Endpoint | null;
    }
  | { readonly kind: "address"; readonly name: string; readonly url: string };

/**
 * The variables that a reference gives, each with its value:
 *
 * - to what has a connection string: `ConnectionStrings__name` (or the resource's own variable), then `NAME_HOST`,
 *   `NAME_PORT`, … for each property, and `NAME_CA_FILE` where the server has an
 *   authority of this machine;
 * - to a service: `services__name__scheme__0`, and `NAME_ENDPOINT`;
 * - to an address: `services__name__default__0`.
 */
export function referenceVariables(
  reference: Reference,
  chosen: readonly ReferenceVariables[],
): readonly (readonly [name: string, value: Value])[] {
  switch (reference.kind) {
    case "connection":
      return connectionVariables(reference, chosen);
    case "service":
      return serviceVariables(reference.source, reference.endpoint, chosen);
    case "address":
      return chosen.includes("serviceDiscovery")
        ? [[`services__${reference.name}__default__0`, new Literal(reference.url)]]
        : [];
  }
}

type Variable = readonly [name: string, value: Value];

function connectionVariables(
  { source, connectionName, optional }: Reference & { readonly kind: "connection" },
  chosen: readonly ReferenceVariables[],
): readonly Variable[] {
  const name = connectionName ?? source.name;
  const variables: Variable[] = [];
  if (chosen.includes("connectionString"))
    variables.push([
      source.connectionVariable ?? `ConnectionStrings__${name}`,
      new ConnectionStringReference(source, { optional }),
    ]);
  if (chosen.includes("connectionProperties")) {
    const stem = name === "" ? "" : `${variablePrefix(name)}_`;
    for (const [property, value] of connectionPropertiesOf(source))
      variables.push([`${stem}${property.toUpperCase()}`, value]);
    variables.push(...(source.consumerVariables?.() ?? []));
    if (source.trust !== undefined) variables.push([`${stem}CA_FILE`, source.trust]);
  }
  return variables;
}

function serviceVariables(
  source: Workload,
  only: Endpoint | null,
  chosen: readonly ReferenceVariables[],
): readonly Variable[] {
  const counts = new Map<string, number>();
  return source.endpoints.flatMap((endpoint): Variable[] => {
    const index = counts.get(endpoint.scheme) ?? 0;
    counts.set(endpoint.scheme, index + 1);
    if (only !== null && only !== endpoint) return [];
    const url = endpoint.property("url");
    return [
      ...(chosen.includes("endpoints")
        ? [[`${variablePrefix(source.name)}_${variablePrefix(endpoint.name)}`, url] as const]
        : []),
      ...(chosen.includes("serviceDiscovery")
        ? [[`services__${source.name}__${endpoint.scheme}__${index}`, url] as const]
        : []),
    ];
  });
}
