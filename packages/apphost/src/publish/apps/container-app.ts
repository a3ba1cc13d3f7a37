import { ConnectionStringReference } from "../../model/connection.ts";
import { collectArguments, collectEnvironment } from "../../model/environment.ts";
import { SecretOutput } from "../../model/output.ts";
import type { Value } from "../../model/value.ts";
import type { Workload } from "../../model/workload.ts";
import { bicepSymbol } from "../../names/symbol.ts";
import type { AzureContainerAppEnvironment } from "../../resources/azure/compute/container-app-environment.ts";
import { AzureUserAssignedIdentity } from "../../resources/azure/identity.ts";
import { Infrastructure, type ModuleParameter } from "../../resources/azure/infrastructure.ts";
import { AzureKeyVault } from "../../resources/azure/key-vault.ts";
import { ContainerResource } from "../../resources/container.ts";
import { type Expr, type Input, interpolate, keyed, ref } from "../../template/expr.ts";
import type { Module } from "../../template/module.ts";
import type { PortNumbers } from "../manifest/bindings.ts";
import { ingressOf } from "./ingress.ts";
import { AppValues } from "./values.ts";

/** The module of a program that runs in Azure. It is deployed when its image is there, and so not by `main`. */
export interface AppModule {
  readonly workload: Workload;
  readonly module: Module;
  /** What is given for its parameters. */
  readonly given: readonly ModuleParameter[];
}

const apiVersion = "2025-07-01";

/**
 * A program as a container app, in upstream's layout: the environment's address, the image and the program's identity as
 * parameters, secrets apart from the environment. A variable that is just a secret of a vault is read from there by the program's
 * identity, and its value never passes through the template.
 */
export async function containerApp(
  workload: Workload,
  environment: AzureContainerAppEnvironment,
  ports: PortNumbers,
  signal?: AbortSignal,
): Promise<AppModule> {
  const { name } = workload;
  const infrastructure = new Infrastructure(name);
  infrastructure.use(environment.defaultDomain());
  const environmentId = infrastructure.use(environment.environmentId());
  const image = imageOf(workload, infrastructure);
  const identity = workload.identity instanceof AzureUserAssignedIdentity ? workload.identity : undefined;
  const identityId = identity && infrastructure.use(identity.output("id"));
  const values = new AppValues(infrastructure, environment, ports);
  const secrets: Input[] = [];
  const env: Input[] = [];
  for (const [variable, value] of await collectEnvironment(workload, signal)) {
    if (!value.secret) {
      env.push({ name: variable, value: await values.use(value) });
      continue;
    }
    const secret = secretName(variable);
    const stored = storedIn(value);
    const uri = stored && secretUri(infrastructure, stored);
    secrets.push(
      uri === undefined
        ? { name: secret, value: await values.use(value) }
        : { name: secret, identity: identityId, keyVaultUrl: uri },
    );
    env.push({ name: variable, secretRef: secret });
  }
  const args = await Promise.all(
    (await collectArguments(workload, signal)).map((value) => values.use(value)),
  );
  if (identity !== undefined) {
    env.push({ name: "AZURE_CLIENT_ID", value: infrastructure.use(identity.clientId()) });
    env.push({ name: "AZURE_TOKEN_CREDENTIALS", value: "ManagedIdentityCredential" });
  }
  const built = !(workload instanceof ContainerResource);
  const server = built ? infrastructure.use(environment.registryEndpoint()) : undefined;
  const puller = built ? infrastructure.use(environment.registryIdentityId()) : undefined;
  const identities = [identityId, puller].filter((id) => id !== undefined);
  const entrypoint = workload instanceof ContainerResource ? workload.entrypoint : undefined;
  infrastructure.add({
    symbol: bicepSymbol(name),
    type: "Microsoft.App/containerApps",
    apiVersion,
    name: name.toLowerCase(),
    body: {
      location: infrastructure.location,
      properties: {
        configuration: {
          secrets: secrets.length === 0 ? undefined : secrets,
          activeRevisionsMode: "Single",
          ingress: ingressOf(workload, ports),
          registries: server && [{ server, identity: puller }],
        },
        environmentId,
        template: {
          containers: [
            {
              image,
              name: name.toLowerCase(),
              command: entrypoint === undefined ? undefined : [entrypoint],
              args: args.length === 0 ? undefined : args,
              env: env.length === 0 ? undefined : env,
            },
          ],
          scale: { minReplicas: 1 },
        },
      },
      identity:
        identities.length === 0
          ? undefined
          : {
              type: "UserAssigned",
              userAssignedIdentities: keyed(identities.map((id) => [interpolate`${id}`, {}])),
            },
    },
  });
  return { workload, module: infrastructure.module(), given: infrastructure.given };
}

/** An image that is built is only known when it has been pushed. */
function imageOf(workload: Workload, infrastructure: Infrastructure): Input {
  if (workload instanceof ContainerResource) return workload.imageReference;
  const image: Value = {
    published: `{${workload.name}.containerImage}`,
    secret: false,
    needs: [workload],
    resolve: () => Promise.resolve(undefined),
  };
  return infrastructure.use(image);
}

/** `ConnectionStrings__cache` is kept as `connectionstrings--cache`. */
function secretName(variable: string): string {
  return variable
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** The secret that a value just is, by itself or as somebody's connection string. */
function storedIn(value: Value): SecretOutput | undefined {
  if (value instanceof SecretOutput) return value;
  return value instanceof ConnectionStringReference ? storedIn(value.resource.connectionString()) : undefined;
}

function secretUri(
  infrastructure: Infrastructure,
  { vault, secretName: secret }: SecretOutput,
): Expr | undefined {
  if (!(vault instanceof AzureKeyVault)) return undefined;
  vault.declareIn(infrastructure, undefined);
  const symbol = bicepSymbol(`${vault.name}_${secret}`);
  if (infrastructure.find(symbol) === undefined)
    infrastructure.add({
      symbol,
      type: `${vault.azure.type}/secrets`,
      apiVersion: vault.azure.apiVersion,
      existing: true,
      name: secret,
      parent: vault.symbol,
    });
  return ref(symbol, "properties.secretUri");
}
