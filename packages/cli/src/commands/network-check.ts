import { checkNetwork, describeReport, type NetworkReport, readExports } from "@redoubt/network";
import type { Command } from "commander";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { readExportFiles } from "../network-files.ts";
import { printNetworkReport } from "../network-report.ts";

interface CheckFlags {
  readonly clients?: readonly string[];
  readonly onPremisesForwards?: boolean;
  readonly json?: true;
}

const examples = `
Exports are what az prints with -o json: az redis list, az network vnet list, az network
nsg list, az network route-table list, az network private-endpoint list, az network
private-dns zone list; az network nic list-effective-nsg and show-effective-route-table
where gateways take part. Keys in them are not read.

Exit code 3 says that there are findings of severity "warning" or "error".

Examples:
  redoubt network check exports/
  redoubt network check vnets.json nsgs.json redis.json --clients app
  redoubt network check --json exports/`;

/** Adds `redoubt network check`: judges exports of a network that exists. */
export function addNetworkCheck(network: Command, invocation: Invocation): void {
  network
    .command("check <file...>")
    .description("Judge every flow that caches need, by exports of az; folders and several files at once.")
    .option(
      "--clients <subnet...>",
      "subnets with clients: name, network/name or id (default: all within reach)",
    )
    .option("--on-premises-forwards", "traffic that is tunnelled on-premises gets to the internet from there")
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action((paths: string[], { clients, onPremisesForwards = false, json }: CheckFlags) => {
      const exports = readExports(readExportFiles(paths));
      const report = checkNetwork(exports, { onPremisesForwards, ...(clients && { clients }) });
      noteReading(report, invocation);
      if (json) invocation.output.json(describeReport(report));
      else printNetworkReport(report, invocation.output);
      invocation.exitCode = verdict(report);
    });
}

/** Says what was passed over, and what is missing altogether. */
export function noteReading({ exports }: Pick<NetworkReport, "exports">, { output }: Invocation): void {
  for (const { file, says } of exports.notes) output.note(output.foreign(`${file}: ${says}`));
  if (exports.network.caches.length === 0)
    output.note(
      "There is no cache in these files: add what az redis list -o json (or az redisenterprise list) prints.",
    );
}

function verdict({ findings }: NetworkReport): ExitCode {
  return findings.some(({ severity }) => severity !== "info") ? exitCodes.findings : exitCodes.ok;
}
