import type { PublishResult, PublishStep } from "@redoubt/apphost";
import type { Command } from "commander";
import {
  type AppHostFlags,
  addAppHostArguments,
  appHostHelp,
  fileAndWords,
  runAppHost,
} from "../app-host.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import type { Output } from "../output.ts";
import { oneOf } from "../usage.ts";

const publishSteps = ["publish-azure", "publish-manifest"] as const satisfies readonly PublishStep[];

interface PublishFlags extends AppHostFlags {
  readonly output?: string;
  readonly outputPath?: string;
  readonly step?: PublishStep;
  readonly listSteps?: true;
  readonly force?: true;
  readonly json?: true;
}

const examples = `${appHostHelp}

Nothing is asked of Azure, and everything is checked before anything is written. Files of earlier times
that are not written any more are taken away; those of others stay.

Examples:
  redoubt publish
  redoubt publish ./shop/apphost.ts -o ./shop/out
  redoubt publish --step publish-manifest -o manifest`;

/** Adds `redoubt publish`: writes an app down for Azure. */
export function addPublish(program: Command, invocation: Invocation): void {
  addAppHostArguments(program.command("publish"))
    .summary("Write an app down for Azure.")
    .description("Write an app down for Azure: Bicep, ARM JSON, parameters, manifest.")
    .option("-o, --output <folder>", "where to (default: out)")
    .option("--output-path <folder>", "the same")
    .option("--step <step>", `only ${publishSteps.join(" or ")}`, oneOf("--step", publishSteps))
    .option("--list-steps", "name the steps and do nothing")
    .option("--force", "replace files that somebody else has written or changed, too")
    .option("--json", "print what was done as JSON")
    .addHelpText("after", examples)
    .action(async (file: string | undefined, words: string[], flags: PublishFlags) => {
      const { output } = invocation;
      if (flags.listSteps === true) {
        if (flags.json === true) output.json({ steps: publishSteps });
        else for (const step of publishSteps) output.line(step);
        return;
      }
      const folder = flags.output ?? flags.outputPath;
      const options = {
        ...(folder !== undefined && { output: folder }),
        ...(flags.step !== undefined && { step: flags.step }),
        ...(flags.force && { force: true }),
      };
      const order = { operation: "publish" as const, options, ...fileAndWords(file, words) };
      const { exitCode, result } = await runAppHost(order, flags, invocation);
      invocation.exitCode = exitCode as ExitCode;
      if (result === undefined) return;
      if (flags.json === true) output.json(result);
      else tell(result as PublishResult, output);
    });
}

function tell(
  { folder, files, changed, removed, parameters, warnings }: PublishResult,
  output: Output,
): void {
  for (const { resource, key, message, fix } of warnings)
    output.note(
      `${output.paintTalk("warn", "warning")}: ${output.foreign(`${resource}: ${key}: ${message} ${fix}`)}`,
    );
  for (const path of changed) output.line(`written  ${output.foreign(path)}`);
  for (const path of removed) output.line(`removed  ${output.foreign(path)}`);
  const same = files.length - changed.length;
  output.note(
    `${files.length} files in ${output.foreign(folder)}${same > 0 ? `, ${same} of them as before` : ""}`,
  );
  const needed = parameters.filter((one) => one.needed);
  if (needed.length === 0) return;
  output.note("To be given with the deployment of main:");
  for (const { name, secret, description } of needed) {
    const about = [description, secret ? "secret" : undefined].filter((part) => part !== undefined).join(" ");
    output.note(`  ${output.foreign(`${name}${about === "" ? "" : `: ${about}`}`)}`);
  }
}
