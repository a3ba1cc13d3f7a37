import type { DeployEvent, DeployResult } from "@redoubt/apphost";
import type { Command } from "commander";
import {
  type AppHostFlags,
  addAppHostArguments,
  appHostHelp,
  fileAndWords,
  runAppHost,
} from "../app-host.ts";
import { DeployProgress, tellDeployed } from "../deploy-report.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";

interface DeployFlags extends AppHostFlags {
  readonly dryRun?: true;
  readonly yes?: true;
  readonly clearCache?: true;
  readonly destroy?: true;
  readonly json?: true;
}

const examples = `${appHostHelp}

Settings are in redoubt.json, or in variables: Azure__SubscriptionId, Azure__Location, Azure__ResourceGroup,
Azure__CredentialSource… What is missing is asked for where there is a terminal. Creating a cache takes many
minutes; Ctrl-C leaves what is under way going in Azure, and the next run takes it up. What has not changed
is not deployed again.

Examples:
  redoubt deploy --dry-run
  redoubt deploy --yes
  redoubt deploy ./shop/apphost.ts --environment Staging
  redoubt deploy --destroy --environment Staging`;

/** Adds `redoubt deploy`: makes in Azure what an app needs there. */
export function addDeploy(program: Command, invocation: Invocation): void {
  addAppHostArguments(program.command("deploy"))
    .summary("Make in Azure what an app needs there.")
    .description("Make in Azure what an app needs there: caches, vaults, identities, roles.")
    .option("--dry-run", "ask Azure what would change, and change nothing")
    .option("-y, --yes", "ask for no confirmation")
    .option("--clear-cache", "forget what earlier runs have done; what is in Azure stays")
    .option("--destroy", "remove the resource group that was made for the app, with all in it")
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action(async (file: string | undefined, words: string[], flags: DeployFlags) => {
      const { dryRun, yes, clearCache, destroy } = flags;
      const options = {
        ...(dryRun && { dryRun }),
        ...(yes && { yes }),
        ...(clearCache && { clearCache }),
        ...(destroy && { destroy }),
      };
      const progress = new DeployProgress(invocation.output);
      const onEvent = (event: unknown): void => progress.tell(event as DeployEvent);
      const order = { operation: "deploy" as const, options, onEvent, ...fileAndWords(file, words) };
      const { result } = await runAppHost(order, flags, invocation);
      if (result === undefined) {
        invocation.exitCode = exitCodes.failure;
        return;
      }
      const done = result as DeployResult;
      if (flags.json) invocation.output.json(done);
      else tellDeployed(done, invocation.output);
      invocation.exitCode = exitCodeOf(done);
    });
}

function exitCodeOf(result: DeployResult): (typeof exitCodes)[keyof typeof exitCodes] {
  if (result.kind === "forecast")
    return result.forecast.units.some(({ answer }) => answer === "failed") ? exitCodes.failure : exitCodes.ok;
  if (result.kind === "destroyed") return exitCodes.ok;
  if (result.interrupted) return exitCodes.interrupted;
  return result.ok ? exitCodes.ok : exitCodes.failure;
}
