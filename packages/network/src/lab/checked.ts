import { isIPv4 } from "node:net";
import { RedoubtError } from "@redoubt/client";
import { parsePrefix } from "../model/address.ts";
import type { LabPlan } from "./plan.ts";

/**
 * Refuses a plan whose names and addresses are none. They may come from somebody's exports, and end up in what programs read that
 * run as root: a line break in a name would be a line of their configuration.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` with the place in the plan
 */
export function requireSoundPlan({ network, hosts, onPremises }: LabPlan): void {
  for (const [index, { name, address }] of hosts.entries()) {
    requireName(`hosts[${index}].name`, name);
    requireAddress(`hosts[${index}].address`, address);
  }
  for (const [index, prefix] of (onPremises?.prefixes ?? []).entries())
    requirePrefix(`onPremises.prefixes[${index}]`, prefix);
  for (const { name, hostName, staticIp } of network.caches) {
    requireName("caches: the name of a cache", name);
    if (hostName !== null) requireName(`caches: hostName of ${name}`, hostName);
    if (staticIp !== null) requireAddress(`caches: staticIp of ${name}`, staticIp);
  }
  for (const { addresses } of network.privateEndpoints)
    for (const address of addresses) requireAddress("privateEndpoints: an address", address);
  for (const { dnsServers, prefixes } of network.vnets) {
    for (const address of dnsServers) requireAddress("vnets: a DNS server", address);
    for (const prefix of prefixes) requirePrefix("vnets: a prefix", prefix);
  }
  for (const { name, records } of network.dnsZones) {
    requireName("dnsZones: the name of a zone", name);
    for (const record of records ?? []) {
      requireName(`dnsZones: a record of ${name}`, record.name);
      for (const address of record.addresses) requireAddress(`dnsZones: an address of ${name}`, address);
    }
  }
}

function requireName(key: string, text: string): void {
  // The apex of a zone is written so.
  if (text === "@" || /^[A-Za-z0-9*_](?:[A-Za-z0-9*_.-]{0,250}[A-Za-z0-9_])?$/.test(text)) return;
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    `${key} is no name: letters, digits, dots and hyphens make one.`,
  );
}

function requireAddress(key: string, text: string): void {
  if (isIPv4(text)) return;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} is no IPv4 address.`, {
    hint: "Laboratories have IPv4 alone: leave out what has other addresses.",
  });
}

function requirePrefix(key: string, text: string): void {
  const prefix = parsePrefix(text);
  if (prefix !== null && prefix !== "ipv6" && text.trim() === text) return;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} is no IPv4 prefix.`, {
    hint: "Write it in CIDR notation, for example 192.168.0.0/24.",
  });
}
