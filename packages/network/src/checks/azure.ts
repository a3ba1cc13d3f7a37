import { privateLinkZones } from "../tables/zones.ts";

/** Whether a name is one behind private endpoints. */
export function isPrivateLinkName(host: string): boolean {
  return /\.privatelink\./i.test(host);
}

/** `a.privatelink.redis.azure.net` is `a.redis.azure.net` to clients. */
export function publicName(host: string): string {
  return host.replace(/\.privatelink\./i, ".");
}

/** The private DNS zone in which the record of a public name belongs; `null` for names that are not Azure's. */
export function zoneFor(host: string): string | null {
  const name = publicName(host).toLowerCase().replace(/\.$/, "");
  return privateLinkZones.find((zone) => name.endsWith(zone.replace(/^privatelink/, ""))) ?? null;
}

/** Links a zone to the network of a client. */
export function linkCommand(zone: string): string {
  return `az network private-dns link vnet create -g GROUP -z ${zone} -n LINK -v VNET_OF_THE_CLIENT -e false`;
}
