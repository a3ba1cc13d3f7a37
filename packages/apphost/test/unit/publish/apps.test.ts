import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Builder, createBuilder } from "../../../src/builder.ts";
import { compose } from "../../../src/publish/publish.ts";

const home = mkdtempSync(join(tmpdir(), "redoubt-apps-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function builder(): Builder {
  const app = createBuilder({ file: "/app/apphost.ts", operation: "publish", variables: {}, args: [], home });
  app.addAzureContainerAppEnvironment("env");
  return app;
}

async function written(app: Builder) {
  const { files, warnings } = await compose(app, "/app/out");
  const manifest = JSON.parse(files.get("aspire-manifest.json") ?? "") as {
    resources: Record<string, Record<string, unknown>>;
  };
  return { text: (path: string) => files.get(path) ?? "", resources: manifest.resources, warnings };
}

describe("a program in an environment", () => {
  test("is a container app, deployed by a module of its own", async () => {
    const app = builder();
    const cache = app.addAzureManagedRedis("cache");
    app
      .addNodeApp("web", "./web", "server.ts")
      .withHttpEndpoint({ env: "PORT" })
      .withExternalHttpEndpoints()
      .withReference(cache);
    const { text, resources } = await written(app);
    expect(text("web/web.bicep")).toBe(`@description('The location for the resource(s) to be deployed.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_default_domain string

param env_outputs_azure_container_apps_environment_id string

param web_containerimage string

param web_identity_outputs_id string

param cache_outputs_connectionstring string

param cache_outputs_hostname string

param web_identity_outputs_clientid string

param env_outputs_azure_container_registry_endpoint string

param env_outputs_azure_container_registry_managed_identity_id string

resource web 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'web'
  location: location
  properties: {
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 8000
        transport: 'http'
      }
      registries: [
        {
          server: env_outputs_azure_container_registry_endpoint
          identity: env_outputs_azure_container_registry_managed_identity_id
        }
      ]
    }
    environmentId: env_outputs_azure_container_apps_environment_id
    template: {
      containers: [
        {
          image: web_containerimage
          name: 'web'
          args: [
            'server.ts'
          ]
          env: [
            {
              name: 'NODE_ENV'
              value: 'production'
            }
            {
              name: 'ConnectionStrings__cache'
              value: cache_outputs_connectionstring
            }
            {
              name: 'CACHE_HOST'
              value: cache_outputs_hostname
            }
            {
              name: 'CACHE_PORT'
              value: '10000'
            }
            {
              name: 'CACHE_URI'
              value: 'rediss://\${cache_outputs_hostname}:10000'
            }
            {
              name: 'PORT'
              value: '8000'
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: web_identity_outputs_clientid
            }
            {
              name: 'AZURE_TOKEN_CREDENTIALS'
              value: 'ManagedIdentityCredential'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '\${web_identity_outputs_id}': { }
      '\${env_outputs_azure_container_registry_managed_identity_id}': { }
    }
  }
}`);
    expect(text("web-containerapp.module.bicep")).toBe(text("web/web.bicep"));
    expect(resources["web"]).toMatchObject({
      type: "container.v1",
      build: { dockerfile: "web.Dockerfile" },
      deployment: {
        type: "azure.bicep.v0",
        path: "web-containerapp.module.bicep",
        params: {
          env_outputs_azure_container_apps_environment_id:
            "{env.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID}",
          web_containerimage: "{web.containerImage}",
          web_identity_outputs_id: "{web-identity.outputs.id}",
          cache_outputs_hostname: "{cache.outputs.hostName}",
        },
      },
    });
    // It is deployed when its image is there; main tells what its parameters take.
    expect(text("main.bicep")).not.toContain("module web ");
    expect(text("main.bicep")).toContain(
      "output web_identity_clientId string = web_identity.outputs.clientId",
    );
  });

  test("the same as ARM JSON, with identities whose names are expressions", async () => {
    const app = builder();
    app.addNodeApp("web", "./web", "server.ts").withReference(app.addAzureManagedRedis("cache"));
    const { text } = await written(app);
    const template = JSON.parse(text("web/web.json")) as { resources: { identity: unknown }[] };
    expect(template.resources.map(({ identity }) => identity)).toEqual([
      {
        type: "UserAssigned",
        userAssignedIdentities: {
          "[format('{0}', parameters('web_identity_outputs_id'))]": {},
          "[format('{0}', parameters('env_outputs_azure_container_registry_managed_identity_id'))]": {},
        },
      },
    ]);
  });

  test("secrets: read from the vault, put together from it, and of a parameter", async () => {
    const app = builder();
    const cache = app.addAzureManagedRedis("cache").withAccessKeyAuthentication();
    const key = app.addParameter("api-key", { secret: true });
    app.addNodeApp("web", "./web", "server.ts").withReference(cache).withEnvironment("API_KEY", key);
    const { text, resources } = await written(app);
    const module = text("web/web.bicep");
    expect(module).toContain(`      secrets: [
        {
          name: 'connectionstrings--cache'
          identity: web_identity_outputs_id
          keyVaultUrl: cache_kv_connectionstrings__cache.properties.secretUri
        }
        {
          name: 'cache-uri'
          value: 'rediss://:\${uriComponent(cache_kv_secrets_primaryaccesskey__cache)}@\${cache_outputs_hostname}:10000'
        }
        {
          name: 'cache-password'
          identity: web_identity_outputs_id
          keyVaultUrl: cache_kv_primaryaccesskey__cache.properties.secretUri
        }
        {
          name: 'api-key'
          value: api_key_value
        }
      ]`);
    expect(module).toContain("@secure()\nparam cache_kv_secrets_primaryaccesskey__cache string");
    expect(module).toContain("@secure()\nparam api_key_value string");
    expect(module).toContain(`              name: 'ConnectionStrings__cache'
              secretRef: 'connectionstrings--cache'`);
    expect(resources["web"]?.["deployment"]).toMatchObject({
      params: {
        cache_kv_secrets_primaryaccesskey__cache: "{cache-kv.secrets.primaryaccesskey--cache}",
        api_key_value: "{api-key.value}",
      },
    });
  });
});

test("a Redis of the app's own: TCP inside the environment, its data not kept, and said so", async () => {
  const app = builder();
  const own = app.addRedis("own").withDataVolume({ name: "data" });
  app.addContainer("web", "ghcr.io/owner/web:1").withReference(own);
  const { text, resources, warnings } = await written(app);
  const module = text("own/own.bicep");
  expect(module).toContain(`      ingress: {
        external: false
        targetPort: 6379
        transport: 'tcp'
      }`);
  expect(module).toContain("'redis-server --requirepass \\$REDIS_PASSWORD --save 60 1'");
  expect(module).not.toContain("registries");
  expect(text("web/web.bicep")).toContain("value: 'own:6379,password=${own_password_value}'");
  expect(resources["own"]).toMatchObject({ type: "container.v1", image: "docker.io/library/redis:8.6" });
  expect(warnings).toMatchObject([{ resource: "own", key: "mounts", severity: "warning" }]);
});

test("services are reached through the environment's front, other ports by name", async () => {
  const app = builder();
  const back = app
    .addContainer("back", "ghcr.io/owner/back:1")
    .withHttpEndpoint({ targetPort: 80 })
    .withHttpEndpoint({ name: "admin", targetPort: 81 });
  app.addContainer("front", "ghcr.io/owner/front:1").withReference(back);
  const { text } = await written(app);
  expect(text("back/back.bicep")).toContain(`        additionalPortMappings: [
          {
            external: false
            targetPort: 81
          }
        ]`);
  const front = text("front/front.bicep");
  expect(front).toContain(
    "'https://back.internal.${env_outputs_azure_container_apps_environment_default_domain}'",
  );
  expect(front).toContain("value: 'http://back:81'");
});

test("a program without an image is not in it, and said so", async () => {
  const app = builder();
  app.addExecutable("worker", "python", "./worker", ["main.py"]);
  const { resources, warnings } = await written(app);
  expect(warnings).toMatchObject([{ resource: "worker", key: "type", severity: "warning" }]);
  expect(resources["worker"]).toMatchObject({ type: "executable.v0" });
});

test("two environments are one too many", async () => {
  const app = builder();
  app.addAzureContainerAppEnvironment("second");
  await expect(compose(app, "/app/out")).rejects.toThrow(/"env" and "second" are both environments/);
});
