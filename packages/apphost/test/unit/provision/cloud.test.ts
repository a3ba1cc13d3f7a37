import { expect, test } from "vitest";
import { cloudFromMetadata, clouds } from "../../../src/provision/cloud.ts";
import {
  type CredentialOptions,
  credentialMaker,
  type ProvisionIdentity,
} from "../../../src/provision/credential.ts";

const own = "https://management.local.azurestack.external";
const metadata = {
  name: "AzureStack",
  portal: "https://portal.local.azurestack.external/",
  authentication: {
    loginEndpoint: "https://login.local/adfs/",
    audiences: ["https://management.azs.onmicrosoft.com/1"],
  },
  suffixes: { keyVaultDns: ".vault.local.azurestack.external" },
};

test("A Resource Manager tells all of its cloud", () => {
  expect(cloudFromMetadata(own, metadata)).toEqual({
    name: "AzureStack",
    authority: "https://login.local/adfs",
    resourceManager: own,
    scope: "https://management.azs.onmicrosoft.com/1/.default",
    portal: "https://portal.local.azurestack.external",
    vaultSuffix: "vault.local.azurestack.external",
    vaultScope: "https://vault.local.azurestack.external/.default",
  });
});

test("What it does not tell, or tells without TLS, is an error", () => {
  expect(() => cloudFromMetadata(own, { ...metadata, suffixes: {} })).toThrow(
    /does not say suffixes\.keyVaultDns/,
  );
  const plain = {
    ...metadata,
    authentication: { ...metadata.authentication, loginEndpoint: "http://login.local" },
  };
  expect(() => cloudFromMetadata(own, plain)).toThrow(expect.objectContaining({ code: "CONFIG_INSECURE" }));
});

test("Each cloud has addresses of its own", () => {
  const all = Object.values(clouds).flatMap(({ authority, resourceManager, portal, vaultSuffix }) => [
    authority,
    resourceManager,
    portal,
    vaultSuffix,
  ]);
  expect(new Set(all).size).toBe(12);
});

/** `@azure/identity` that says which class was made, and with what. */
function identity(made: [string, unknown][]): () => Promise<ProvisionIdentity> {
  const classOf = (name: string) =>
    class {
      constructor(...options: unknown[]) {
        made.push([name, options[0]]);
      }
    };
  const names = [
    "AzureCli",
    "AzureDeveloperCli",
    "AzurePowerShell",
    "VisualStudioCode",
    "InteractiveBrowser",
    "Environment",
    "WorkloadIdentity",
    "ManagedIdentity",
    "ChainedToken",
  ].map((name) => `${name}Credential`);
  const all: unknown = Object.fromEntries(names.map((name) => [name, classOf(name)]));
  return () => Promise.resolve(all as ProvisionIdentity);
}

async function madeBy(options: Partial<CredentialOptions>): Promise<[string, unknown][]> {
  const made: [string, unknown][] = [];
  const cloud = clouds["AzureChinaCloud"];
  if (cloud === undefined) throw new Error("there is such a cloud");
  (
    await credentialMaker({ source: "Default", cloud, environment: {}, identity: identity(made), ...options })
  )();
  return made;
}

test("Tokens come from the authority of the cloud, and from where the setting says", async () => {
  const options = { tenantId: "t", processTimeout: 5000, source: "AzureCli" } as const;
  expect(await madeBy(options)).toEqual([
    [
      "AzureCliCredential",
      expect.objectContaining({
        authorityHost: "https://login.chinacloudapi.cn",
        tenantId: "t",
        processTimeoutInMs: 5000,
      }),
    ],
  ]);
});

test.each([
  [{}, ["AzureCliCredential", "AzureDeveloperCliCredential", "ChainedTokenCredential"]],
  [{ AZURE_FEDERATED_TOKEN_FILE: "/x", AZURE_CLIENT_SECRET: "y" }, ["WorkloadIdentityCredential"]],
  [{ AZURE_CLIENT_SECRET: "y" }, ["EnvironmentCredential"]],
  [{ AZURE_CLIENT_CERTIFICATE_PATH: "/x" }, ["EnvironmentCredential"]],
])("By default the environment %j decides", async (environment, classes) => {
  expect((await madeBy({ environment })).map(([name]) => name)).toEqual(classes);
});

test("Without the package, its name is told", async () => {
  const cloud = clouds["AzureCloud"];
  if (cloud === undefined) throw new Error("there is such a cloud");
  await expect(
    credentialMaker({ source: "Default", cloud, environment: {}, directory: "/" }),
  ).rejects.toMatchObject({
    code: "CONFIG_MISSING",
    hint: "npm install @azure/identity",
  });
});
