import type { Command } from "commander";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { commandTree } from "../completion/tree.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { connectionForms } from "../service/connection-forms.ts";
import { loadServices, openHome } from "../service/face.ts";
import { oneOf } from "../usage.ts";
import { simulationKinds } from "./service/simulate.ts";

const writers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

const examples = `
Examples:
  eval "$(redoubt completion bash)"                 in ~/.bashrc
  eval "$(redoubt completion zsh)"                  in ~/.zshrc, behind compinit
  redoubt completion fish | source                  in ~/.config/fish/config.fish`;

/** Adds `redoubt completion`: what shells need to complete commands, options and names of services. */
export function addCompletion(program: Command, invocation: Invocation): void {
  const { output } = invocation;
  program
    .command("completion <shell>")
    .summary("Print completion for bash, zsh or fish.")
    .description("Print completion for bash, zsh or fish; of services too.")
    .addHelpText("after", examples)
    .action(async (word: string) => {
      const shell = oneOf("The shell", ["bash", "zsh", "fish", "services"])(word);
      if (shell === "services")
        for (const name of await (await openHome(invocation)).names()) output.line(name);
      else {
        const { serviceTypeNames, optionTables } = await loadServices();
        const keys = new Set(serviceTypeNames.flatMap((type) => [...optionTables[type].keys()]));
        const tree = commandTree(program, {
          "completion shell": Object.keys(writers),
          "service connection-info form": connectionForms.map(({ name }) => name),
          "service simulate kind": simulationKinds,
        });
        output.exact(writers[shell](tree, [...keys]));
      }
      invocation.exitCode = exitCodes.ok;
    });
}
