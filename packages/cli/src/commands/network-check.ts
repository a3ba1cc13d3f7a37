import { readFileSync } from "node:fs";
import { RedoubtError } from "@redoubt/client";
import {
  checkNetwork,
  describeReport,
  type NetworkReport,
  readExports,
  reportPage,
  reportPicture,
  reportSarif,
} from "@redoubt/network";
import type { Command } from "commander";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { readExportFiles } from "../network-files.ts";
import { printNetworkReport } from "../network-report.ts";

interface CheckFlags {
  readonly clients?: readonly string[];
  readonly redisSubnet?: readonly string[];
  readonly onPremisesForwards?: boolean;
  readonly json?: true;
  readonly sarif?: true;
  readonly svg?: true;
  readonly html?: true;
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
    .option(
      "--redis-subnet <subnet...>",
      "judge these as if a Premium cache were in them, where none was exported",
    )
    .option("--on-premises-forwards", "traffic that is tunnelled on-premises gets to the internet from there")
    .option("--json", "print one JSON document")
    .option("--sarif", "print SARIF 2.1.0, for code scanning")
    .option("--svg", "print a picture, broken flows in red")
    .option("--html", "print a page with the picture, findings and flows")
    .addHelpText("after", examples)
    .action((paths: string[], flags: CheckFlags) => {
      const { clients, redisSubnet, onPremisesForwards = false } = flags;
      const exports = readExports(readExportFiles(paths));
      const report = checkNetwork(exports, {
        onPremisesForwards,
        ...(clients && { clients }),
        ...(redisSubnet && { redisSubnets: redisSubnet }),
      });
      noteReading(report, invocation);
      print(report, flags, invocation);
      invocation.exitCode = verdict(report);
    });
}

function print(report: NetworkReport, { json, sarif, svg, html }: CheckFlags, { output }: Invocation): void {
  if ([json, sarif, svg, html].filter(Boolean).length > 1)
    throw new RedoubtError(
      "CONFIG_AMBIGUOUS",
      "Only one of --json, --sarif, --svg and --html can be printed.",
    );
  if (json) output.json(describeReport(report));
  else if (sarif) output.json(reportSarif(report, version()));
  else if (svg) output.exact(reportPicture(report));
  else if (html) output.exact(reportPage(report));
  else printNetworkReport(report, output);
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

/** Says what was passed over. Without a cache nothing would be judged, and that must not look like a clean bill. */
function noteReading({ exports, judgement }: NetworkReport, { output }: Invocation): void {
  for (const { file, says } of exports.notes) output.note(output.foreign(`${file}: ${says}`));
  if (judgement.caches.length > 0) return;
  throw new RedoubtError(
    "CONFIG_MISSING",
    "There is no cache in these files, so there is nothing to judge.",
    {
      hint: "Add what az redis list -o json or az redisenterprise list -o json prints, or name its subnet: --redis-subnet NETWORK/SUBNET.",
    },
  );
}

function verdict({ findings }: NetworkReport): ExitCode {
  return findings.some(({ severity }) => severity !== "info") ? exitCodes.findings : exitCodes.ok;
}
