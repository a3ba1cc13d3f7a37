import { planRoutes, planRules } from "@redoubt/network";
import { describe, expect, test } from "vitest";
import { appFor, azure, published } from "./kit.ts";

const location = `@description('The location for the resource(s) to be deployed.')
param location string = resourceGroup().location`;
const text = (...statements: string[]) => [location, ...statements].join("\n\n");

const network = `resource vnet 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: take('vnet-\${uniqueString(resourceGroup().id)}', 64)
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
  }
  location: location
  tags: {
    'aspire-resource-name': 'vnet'
  }
}`;

describe("a network with subnets", () => {
  test("subnets are made one after the other, and each tells its id", () => {
    const app = appFor("publish");
    const vnet = app.addAzureVirtualNetwork("vnet");
    const prefix = app.addParameter("subnetPrefix");
    vnet.addSubnet("a-subnet", "10.0.1.0/24");
    vnet.addSubnet("b", prefix, "other-name");
    expect(published(vnet)).toEqual({
      bicep: text(
        "param subnetPrefix string",
        network,
        `resource a_subnet 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  name: 'a-subnet'
  properties: {
    addressPrefix: '10.0.1.0/24'
  }
  parent: vnet
}`,
        `resource b 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  name: 'other-name'
  properties: {
    addressPrefix: subnetPrefix
  }
  parent: vnet
  dependsOn: [
    a_subnet
  ]
}`,
        "output a_subnet_Id string = a_subnet.id",
        "output b_Id string = b.id",
        "output id string = vnet.id",
        "output name string = vnet.name",
      ),
      params: { subnetPrefix: "{subnetPrefix.value}" },
    });
    expect(app.find("a-subnet")?.excludedFromManifest).toBe(true);
    expect(vnet.judge()).toEqual([]);
  });

  test("ranges that Azure would refuse are found", () => {
    const vnet = appFor("publish").addAzureVirtualNetwork("vnet", "10.0.0.0/16");
    vnet.addSubnet("outside", "10.1.0.0/24");
    vnet.addSubnet("none", "10.0.0.1/24");
    vnet.addSubnet("small", "10.0.9.0/30");
    vnet.addSubnet("one", "10.0.2.0/24");
    vnet.addSubnet("over", "10.0.2.128/25");
    expect(vnet.judge().map(({ key, message }) => `${key}: ${message}`)).toEqual([
      "subnets.outside: 10.1.0.0/24 is not inside of the network's 10.0.0.0/16.",
      'subnets.none: "10.0.0.1/24" is no IPv4 prefix.',
      "subnets.small: A /30 is too small: Azure keeps five addresses.",
      'subnets.over: 10.0.2.128/25 overlaps 10.0.2.0/24 of "one".',
    ]);
  });

  test("when the app runs here, nothing of it is made", () => {
    const app = appFor("run");
    const cache = app.addAzureManagedRedis("cache");
    app.addAzureVirtualNetwork("vnet").addSubnet("pe", "10.0.1.0/24").addPrivateEndpoint(cache);
    expect(app.resources).toEqual([cache]);
    expect(published(cache).bicep).toContain("publicNetworkAccess: 'Enabled'");
  });
});

describe("private endpoints", () => {
  const make = () => {
    const app = appFor("publish");
    const cache = app.addAzureManagedRedis("cache");
    const vnet = app.addAzureVirtualNetwork("vnet");
    const subnet = vnet.addSubnet("pe-subnet", "10.0.1.0/24");
    return { app, cache, vnet, subnet, endpoint: subnet.addPrivateEndpoint(cache) };
  };

  test("endpoint, connection and names in the zone; public access is off", () => {
    const { app, cache, endpoint } = make();
    expect(endpoint.name).toBe("pe-subnet-cache-pe");
    expect(published(endpoint)).toEqual({
      bicep: text(
        "param privatelink_redis_azure_net_outputs_name string",
        "param vnet_outputs_pe_subnet_id string",
        "param cache_outputs_id string",
        `resource privatelink_redis_azure_net 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: privatelink_redis_azure_net_outputs_name
}`,
        `resource pe_subnet_cache_pe 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: take('pe_subnet_cache_pe-\${uniqueString(resourceGroup().id)}', 64)
  location: location
  properties: {
    privateLinkServiceConnections: [
      {
        properties: {
          privateLinkServiceId: cache_outputs_id
          groupIds: [
            'redisEnterprise'
          ]
        }
        name: 'pe-subnet-cache-pe-connection'
      }
    ]
    subnet: {
      id: vnet_outputs_pe_subnet_id
    }
  }
  tags: {
    'aspire-resource-name': 'pe-subnet-cache-pe'
  }
}`,
        `resource pe_subnet_cache_pe_dnsgroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = {
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'privatelink_redis_azure_net'
        properties: {
          privateDnsZoneId: privatelink_redis_azure_net.id
        }
      }
    ]
  }
  parent: pe_subnet_cache_pe
}`,
        "output id string = pe_subnet_cache_pe.id",
        "output name string = pe_subnet_cache_pe.name",
      ),
      params: {
        privatelink_redis_azure_net_outputs_name: "{privatelink-redis-azure-net.outputs.name}",
        vnet_outputs_pe_subnet_id: "{vnet.outputs.pe_subnet_Id}",
        cache_outputs_id: "{cache.outputs.id}",
      },
    });
    expect(published(cache).bicep).toContain("publicNetworkAccess: 'Disabled'");
    expect(published(azure(app, "privatelink-redis-azure-net")).bicep).toBe(
      text(
        "param vnet_outputs_id string",
        `resource privatelink_redis_azure_net 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.redis.azure.net'
  location: 'global'
  tags: {
    'aspire-resource-name': 'privatelink-redis-azure-net'
  }
}`,
        `resource vnet_link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  name: 'vnet-link'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: vnet_outputs_id
    }
  }
  tags: {
    'aspire-resource-name': 'privatelink-redis-azure-net-vnet-link'
  }
  parent: privatelink_redis_azure_net
}`,
        "output id string = privatelink_redis_azure_net.id",
        "output name string = 'privatelink.redis.azure.net'",
      ),
    );
  });

  test("one zone for all of a kind; a vault has its own; public access can be given back", () => {
    const { app, cache, subnet } = make();
    subnet.addPrivateEndpoint(app.addAzureManagedRedis("second"));
    const vault = app.addAzureKeyVault("kv");
    subnet.addPrivateEndpoint(vault);
    expect(app.resources.map(({ name }) => name).filter((name) => name.startsWith("privatelink"))).toEqual([
      "privatelink-redis-azure-net",
      "privatelink-vaultcore-azure-net",
    ]);
    expect(published(vault).bicep).toContain("publicNetworkAccess: 'Disabled'");
    cache.configureInfrastructure(({ cluster }) => {
      cluster.publicNetworkAccess = "Enabled";
    });
    expect(published(cache).bicep).toContain("publicNetworkAccess: 'Enabled'");
  });

  test("not for everything", () => {
    const { app, subnet } = make();
    expect(() => subnet.addPrivateEndpoint(app.addAzureUserAssignedIdentity("i"))).toThrow(
      /"i" \(azure-identity\) cannot have a private endpoint/,
    );
  });
});

describe("a classic cache inside of a network", () => {
  const make = (options: Parameters<ReturnType<typeof cacheOf>["withVirtualNetwork"]>[1] = {}) => {
    const app = appFor("publish");
    const vnet = app.addAzureVirtualNetwork("vnet");
    const subnet = vnet.addSubnet("redis", "10.0.1.0/28");
    vnet.addSubnet("apps", "10.0.2.0/24");
    const cache = cacheOf(app).withVirtualNetwork(subnet, options);
    return { app, vnet, subnet, cache };
  };
  const cacheOf = (app: ReturnType<typeof appFor>) =>
    app.addAzureRedis("cache", { tier: "Premium", shards: 2 });

  test("subnet and address in the module, the plan's rules and routes at the subnet, and outputs", () => {
    const { app, vnet, cache } = make({ staticIp: "10.0.1.6" });
    expect(published(cache).params).toEqual({ vnet_outputs_redis_id: "{vnet.outputs.redis_Id}" });
    expect(published(cache).bicep).toContain(`    shardCount: 2
    staticIP: '10.0.1.6'
    subnetId: vnet_outputs_redis_id
  }`);
    expect(published(cache).bicep).toContain("output staticIP string = cache.properties.staticIP");
    expect(published(vnet).bicep).toContain(`  properties: {
    addressPrefix: '10.0.1.0/28'
    networkSecurityGroup: {
      id: redis_nsg_outputs_id
    }
    routeTable: {
      id: redis_routes_outputs_id
    }
  }`);
    const nsg = azure(app, "redis-nsg");
    const rules = planRules({ subnet: "10.0.1.0/28", clients: ["10.0.2.0/24"], clustered: true });
    expect(rules.length).toBeGreaterThan(8);
    for (const { name, priority, description } of rules) {
      expect(published(nsg).bicep).toContain(`        name: '${name}'`);
      expect(published(nsg).bicep).toContain(`          priority: ${priority}`);
      expect(published(nsg).bicep).toContain(
        `          description: '${description.replaceAll("'", "\\'")}'`,
      );
    }
    expect(published(nsg).bicep).toContain(`      {
        name: 'redis-in-clients'
        properties: {
          access: 'Allow'
          description: 'Clients of the cache'
          destinationAddressPrefix: '10.0.1.0/28'
          destinationPortRanges: [
            '6380'
            '10221-10231'
            '13000-13999'
            '15000-15999'
          ]
          direction: 'Inbound'
          priority: 200
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.2.0/24'
          sourcePortRange: '*'
        }
      }`);
    const [route] = planRoutes().routes;
    expect(published(azure(app, "redis-routes")).bicep).toContain(`    routes: [
      {
        name: '${route?.name}'
        properties: {
          addressPrefix: '0.0.0.0/0'
          nextHopType: 'Internet'
        }
      }
    ]`);
    for (const resource of [cache, vnet, nsg]) expect(resource.judge()).toEqual([]);
  });

  test("rules follow settings and subnets that are said later", () => {
    const { app, vnet, cache } = make();
    cache.configureInfrastructure(({ cache: settings }) => {
      settings.enableNonSslPort = true;
    });
    vnet.addSubnet("late", "10.0.3.0/24");
    const nsg = published(azure(app, "redis-nsg")).bicep;
    expect(nsg).toContain("'6379-6380'");
    expect(nsg).toContain("'10.0.3.0/24'");
  });

  test("groups and routes of one's own, or none", () => {
    const app = appFor("publish");
    const subnet = app.addAzureVirtualNetwork("vnet").addSubnet("redis", "10.0.1.0/28");
    cacheOf(app).withVirtualNetwork(subnet, { networkSecurityGroup: false, routeTable: false });
    expect([subnet.networkSecurityGroup, subnet.routeTable]).toEqual([undefined, undefined]);
  });

  test("the rules of creation are kept before anything is written", () => {
    const refused = (
      make: (app: ReturnType<typeof appFor>) => { judge(): { key: string; message: string }[] },
    ) =>
      make(appFor("publish"))
        .judge()
        .map(({ key }) => key);
    const subnetOf = (app: ReturnType<typeof appFor>, prefix: string) =>
      app.addAzureVirtualNetwork("vnet").addSubnet("redis", prefix);
    expect(refused((app) => app.addAzureRedis("c").withVirtualNetwork(subnetOf(app, "10.0.1.0/28")))).toEqual(
      ["cache.tier"],
    );
    expect(refused((app) => cacheOf(app).withVirtualNetwork(subnetOf(app, "10.0.1.0/29")))).toEqual([
      "cache.subnet.prefix",
    ]);
    expect(
      refused((app) =>
        cacheOf(app).withVirtualNetwork(subnetOf(app, "10.0.1.0/28"), { staticIp: "10.0.1.2" }),
      ),
    ).toEqual(["cache.staticIp"]);
    expect(
      refused((app) => {
        const subnet = subnetOf(app, "10.0.1.0/24");
        const cache = cacheOf(app).withVirtualNetwork(subnet, { networkSecurityGroup: false });
        subnet.network.addSubnet("pe", "10.0.2.0/24").addPrivateEndpoint(cache);
        return cache;
      }),
    ).toEqual(["cache.privateEndpoint"]);
    expect(
      refused((app) => {
        const subnet = subnetOf(app, "10.0.1.0/24");
        subnet.addPrivateEndpoint(app.addAzureManagedRedis("other"));
        return cacheOf(app).withVirtualNetwork(subnet, { networkSecurityGroup: false });
      }),
    ).toEqual(["cache.subnet.otherResources"]);
    expect(
      refused((app) => {
        const subnet = subnetOf(app, "10.0.1.0/24");
        subnet.network.configureInfrastructure(({ network: settings }) => {
          settings.location = "westeurope";
        });
        return cacheOf(app)
          .withVirtualNetwork(subnet, { networkSecurityGroup: false })
          .configureInfrastructure(({ cache: settings }) => {
            settings.location = "North Europe";
          });
      }),
    ).toEqual(["cache.location"]);
  });

  test("caches share a subnet: addresses of both are counted", () => {
    const { app, subnet, cache } = make({ staticIp: "10.0.1.6" });
    const second = app
      .addAzureRedis("second", { tier: "Premium", shards: 3 })
      .withVirtualNetwork(subnet, { staticIp: "10.0.1.6" });
    expect(second.judge().map(({ key }) => key)).toEqual(["cache.subnet.prefix", "cache.staticIp"]);
    expect(cache.judge().map(({ key }) => key)).toContain("cache.staticIp");
  });

  test("a prefix that is a parameter: the rules cannot be worked out, and that is said", () => {
    const app = appFor("publish");
    const subnet = app.addAzureVirtualNetwork("vnet").addSubnet("redis", app.addParameter("range"));
    cacheOf(app).withVirtualNetwork(subnet);
    expect(() => azure(app, "redis-nsg").infrastructure()).toThrow(
      /the prefix of the subnet "redis" is a parameter/,
    );
  });

  test("in two subnets it cannot be, and in run mode it is in none", () => {
    const { app, vnet, cache } = make();
    expect(() => cache.withVirtualNetwork(vnet.addSubnet("third", "10.0.7.0/24"))).toThrow(
      /"cache" is in the subnet "redis" already/,
    );
    expect(app.find("third-nsg")).toBeUndefined();
    const running = appFor("run");
    const local = cacheOf(running).withVirtualNetwork(
      running.addAzureVirtualNetwork("v").addSubnet("s", "10.0.1.0/28"),
    );
    expect(published(local).bicep).not.toContain("subnetId");
  });
});

test("rules of one's own are judged", () => {
  const app = appFor("publish");
  const rule = {
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    sources: ["*"],
    destinations: ["*"],
    ports: ["443"],
  } as const;
  const group = app
    .addAzureNetworkSecurityGroup("web-nsg")
    .withSecurityRule({ name: "a", priority: 100, ...rule })
    .withSecurityRule({ name: "A", priority: 100, ...rule })
    .withSecurityRule({ name: "b", priority: 99, ...rule });
  expect(group.judge().map(({ key }) => key)).toEqual([
    "rules[1].priority",
    "rules[1].name",
    "rules[2].priority",
  ]);
});
