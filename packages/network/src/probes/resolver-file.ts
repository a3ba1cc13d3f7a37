import { readFileSync } from "node:fs";

/** What `/etc/resolv.conf` says. */
export interface ResolverFile {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
}

/** Reads resolv.conf(5): `nameserver`, and the last of `search` and `domain`. What cannot be read says nothing. */
export function readResolverFile(path: string): ResolverFile {
  const nameservers: string[] = [];
  let search: string[] = [];
  for (const line of textOf(path).split("\n")) {
    const [word, ...values] = line
      .replace(/[#;].*/, "")
      .trim()
      .split(/\s+/);
    if (word === "nameserver" && values[0] !== undefined) nameservers.push(values[0]);
    if (word === "search" || word === "domain") search = values;
  }
  return { nameservers: [...new Set(nameservers)], search };
}

/** Addresses that the hosts file gives for a name. */
export function addressesInHosts(host: string, path = "/etc/hosts"): string[] {
  const wanted = host.toLowerCase().replace(/\.$/, "");
  return textOf(path)
    .split("\n")
    .flatMap((line) => {
      const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
      return address !== undefined && names.some((name) => name.toLowerCase() === wanted) ? [address] : [];
    });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
