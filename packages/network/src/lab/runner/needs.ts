import { RedoubtError } from "@redoubt/client";
import { programPath } from "./system.ts";

/** Programs that a laboratory runs, and Debian's packages of them. */
const programs = [
  { names: ["ip"], package: "iproute2" },
  { names: ["nft"], package: "nftables" },
  { names: ["dnsmasq"], package: "dnsmasq-base" },
  { names: ["redis-server", "valkey-server"], package: "redis-server" },
] as const;

/** What this machine lacks for a laboratory, a sentence each; empty where it has all. */
export function missingForLab(
  platform: NodeJS.Platform = process.platform,
  user: number | undefined = process.getuid?.(),
): string[] {
  if (platform !== "linux")
    return ["Laboratories are made of Linux's network namespaces: use a Linux machine, or WSL 2 on Windows."];
  return [
    ...(user === 0 ? [] : ["Only root may make network namespaces: run it with sudo."]),
    ...programs.flatMap(({ names, package: name }) =>
      names.some((one) => programPath(one) !== null)
        ? []
        : [`${names.join(" or ")} is missing: install it (Debian, Ubuntu: apt-get install ${name}).`],
    ),
  ];
}

/** @throws RedoubtError `LAB_UNFIT` when this machine lacks something */
export function requireFitness(): void {
  const missing = missingForLab();
  if (missing.length === 0) return;
  throw new RedoubtError("LAB_UNFIT", `No laboratory can be made here. ${missing[0]}`, {
    hint: missing.join(" "),
  });
}
