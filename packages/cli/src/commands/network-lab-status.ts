import { defaultLabName, labNamed, listLabs } from "@redoubt/network";
import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";
import { labDescription, labText } from "../network-lab-report.ts";

interface StatusFlags {
  readonly name?: string;
  readonly json?: true;
}

/** Adds `redoubt network lab status`: machines, strings, what is broken, and who reaches which cache. */
export function addNetworkLabStatus(lab: Command, { output }: Invocation): void {
  lab
    .command("status")
    .description("Show machines, strings, what is broken, and what the judge says of every way to a cache.")
    .option("--name <name>", `name of the laboratory (default: ${defaultLabName}, or the only one there is)`)
    .option("--json", "print one JSON document")
    .action(({ name, json }: StatusFlags) => {
      const [only, ...others] = listLabs();
      const shown = labNamed(name ?? (only !== undefined && others.length === 0 ? only : defaultLabName));
      if (json) output.json(labDescription(shown));
      else output.line(labText(shown, output));
    });
}
