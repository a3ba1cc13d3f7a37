import {
  common,
  flag,
  given,
  listOf,
  maybe,
  members,
  oneOf,
  onOff,
  reference,
  text,
  whole,
} from "./given.ts";
import type { Shapes } from "./shapes.ts";

const action = oneOf("Allow", "Deny");
const direction = oneOf("Inbound", "Outbound");

const securityRule = members({
  name: given(text),
  properties: given(
    members({
      access: given(action),
      direction: given(direction),
      protocol: given(oneOf("*", "Tcp", "Udp", "Icmp", "Esp", "Ah")),
      priority: given(whole.min(100).max(4096)),
      description: maybe(text.max(140)),
      sourceAddressPrefix: maybe(text),
      sourceAddressPrefixes: maybe(listOf(text)),
      sourcePortRange: maybe(text),
      sourcePortRanges: maybe(listOf(text)),
      sourceApplicationSecurityGroups: maybe(listOf(reference)),
      destinationAddressPrefix: maybe(text),
      destinationAddressPrefixes: maybe(listOf(text)),
      destinationPortRange: maybe(text),
      destinationPortRanges: maybe(listOf(text)),
      destinationApplicationSecurityGroups: maybe(listOf(reference)),
    }),
  ),
});

const subnetProperties = members({
  addressPrefix: maybe(text),
  addressPrefixes: maybe(listOf(text)),
  networkSecurityGroup: maybe(reference),
  routeTable: maybe(reference),
  natGateway: maybe(reference),
  serviceEndpoints: maybe(listOf(members({ service: given(text), locations: maybe(listOf(text)) }))),
  delegations: maybe(
    listOf(members({ name: given(text), properties: maybe(members({ serviceName: given(text) })) })),
  ),
  defaultOutboundAccess: maybe(flag),
  privateEndpointNetworkPolicies: maybe(
    oneOf("Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"),
  ),
  privateLinkServiceNetworkPolicies: maybe(onOff),
});

const route = members({
  name: given(text),
  properties: given(
    members({
      addressPrefix: given(text),
      nextHopType: given(oneOf("Internet", "None", "VirtualAppliance", "VirtualNetworkGateway", "VnetLocal")),
      nextHopIpAddress: maybe(text),
    }),
  ),
});

const connection = members({
  name: given(text),
  properties: given(
    members({
      privateLinkServiceId: given(text),
      groupIds: given(listOf(text)),
      requestMessage: maybe(text),
    }),
  ),
});

/** Virtual networks, and private endpoints in them. Source: Azure's REST reference. */
export const network: Shapes = {
  "Microsoft.Network/virtualNetworks@2025-05-01": members({
    ...common,
    properties: given(
      members({
        addressSpace: given(members({ addressPrefixes: given(listOf(text)) })),
        dhcpOptions: maybe(members({ dnsServers: given(listOf(text)) })),
        subnets: maybe(listOf(members({ name: given(text), properties: maybe(subnetProperties) }))),
      }),
    ),
  }),
  "Microsoft.Network/virtualNetworks/subnets@2025-05-01": members({ properties: given(subnetProperties) }),
  "Microsoft.Network/networkSecurityGroups@2025-05-01": members({
    ...common,
    properties: maybe(members({ securityRules: maybe(listOf(securityRule)), flushConnection: maybe(flag) })),
  }),
  "Microsoft.Network/routeTables@2025-05-01": members({
    ...common,
    properties: maybe(members({ routes: maybe(listOf(route)), disableBgpRoutePropagation: maybe(flag) })),
  }),
  "Microsoft.Network/privateEndpoints@2025-05-01": members({
    ...common,
    properties: given(
      members({
        subnet: given(reference),
        privateLinkServiceConnections: given(listOf(connection)),
        customNetworkInterfaceName: maybe(text),
      }),
    ),
  }),
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01": members({
    properties: given(
      members({
        privateDnsZoneConfigs: given(
          listOf(
            members({ name: given(text), properties: given(members({ privateDnsZoneId: given(text) })) }),
          ),
        ),
      }),
    ),
  }),
  "Microsoft.Network/privateDnsZones@2024-06-01": members({
    ...common,
    properties: maybe(members({})),
  }),
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01": members({
    ...common,
    properties: given(
      members({
        registrationEnabled: given(flag),
        virtualNetwork: given(reference),
        resolutionPolicy: maybe(oneOf("Default", "NxDomainRedirect")),
      }),
    ),
  }),
};
