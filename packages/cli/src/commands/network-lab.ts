import {
  causeIds,
  causes,
  defaultLabName,
  labBreak,
  labDown,
  labMend,
  labPlanOf,
  labUp,
  readExports,
} from "@redoubt/network";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { readExportFiles } from "../network-files.ts";
import { labDescription, labText } from "../network-lab-report.ts";
import { columns } from "../output.ts";
import { oneOf } from "../usage.ts";
import { addNetworkLabExec } from "./network-lab-exec.ts";
import { addNetworkLabStatus } from "./network-lab-status.ts";

interface LabFlags {
  readonly name?: string;
  readonly plan?: readonly string[];
  readonly json?: true;
}

const examples = `
A small virtual network of Azure on this machine, made of Linux's network namespaces: caches that are
real Redis servers with TLS, clients beside them, in peered networks and on-premises, Azure's DNS and
servers of your own; network security groups and routes are enforced for real. It needs root.

Examples:
  sudo redoubt network lab up
  sudo redoubt network lab exec app -- redoubt ping
  sudo redoubt network lab break client-port-denied
  sudo redoubt network lab exec app -- redoubt tcping --count 3 orders.redis.cache.windows.net 6380
  sudo redoubt network lab mend client-port-denied
  sudo redoubt network lab down`;

/** Adds `redoubt network lab`: a virtual network on this machine, to break and to mend. */
export function addNetworkLab(network: Command, invocation: Invocation): void {
  const lab = network
    .command("lab")
    .description("A small virtual network on this machine (Linux, root), to break and to mend.")
    // Options behind `exec HOST` are those of the command that is run.
    .enablePositionalOptions()
    .addHelpText("after", examples);
  addUp(lab, invocation);
  addDown(lab, invocation);
  addBreak(lab, invocation);
  addMend(lab, invocation);
  addNetworkLabExec(lab, invocation);
  addNetworkLabStatus(lab, invocation);
  addList(lab, invocation);
}

function named(command: Command): Command {
  return command.option("--name <name>", `name of the laboratory (default: ${defaultLabName})`);
}

function addUp(lab: Command, { output }: Invocation): void {
  named(lab.command("up"))
    .description("Make a laboratory.")
    .option(
      "--plan <file...>",
      "exports of a network that exists (az … -o json), to be built in its place; a folder stands for its files",
    )
    .option("--json", "print one JSON document")
    .action(async ({ name, plan, json }: LabFlags) => {
      const made = await labUp({
        ...(name !== undefined && { name }),
        ...(plan !== undefined && { plan: labPlanOf(readExports(readExportFiles(plan)).network) }),
        onProgress: (what) => output.note(output.paintTalk("faint", what)),
      });
      if (json) output.json(labDescription(made));
      else output.line(labText(made, output));
    });
}

function addDown(lab: Command, { output }: Invocation): void {
  named(lab.command("down"))
    .description("Remove a laboratory, with all that it made and whatever runs in it.")
    .action(async ({ name = defaultLabName }: LabFlags) => {
      await labDown(name);
      output.note(`${name} is gone.`);
    });
}

function addBreak(lab: Command, { output }: Invocation): void {
  named(lab.command("break <cause>"))
    .description('Break something; "list" names what there is.')
    .action(async (word: string, { name = defaultLabName }: LabFlags) => {
      const cause = oneOf("the cause", causeIds)(word);
      await labBreak(name, cause);
      output.line(causes[cause].symptom);
    });
}

function addMend(lab: Command, { output }: Invocation): void {
  named(lab.command("mend <cause>"))
    .description('Mend it by the advice for that cause; "all" takes everything back.')
    .action(async (word: string, { name = defaultLabName }: LabFlags) => {
      const cause = oneOf("the cause", [...causeIds, "all"] as const)(word);
      await labMend(name, cause);
      output.line(cause === "all" ? "Everything is as it was made." : causes[cause].answer);
    });
}

function addList(lab: Command, invocation: Invocation): void {
  lab
    .command("list")
    .description("Name what can be broken.")
    .option("--json", "print one JSON document")
    .action(({ json }: LabFlags) => {
      const { output } = invocation;
      if (json)
        output.json(
          causeIds.map((id) => {
            const { symptom, title, answer, seenFrom, findings } = causes[id];
            return { id, symptom, title, answer, seenFrom, findings };
          }),
        );
      else output.line(columns(causeIds.map((id) => [id, causes[id].symptom])));
      invocation.exitCode = exitCodes.ok;
    });
}
