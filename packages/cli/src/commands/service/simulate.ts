import { RedoubtError } from "@redoubt/client";
import {
  describeSimulations,
  type SimulationDescription,
  type SimulationKind,
  type SimulationOptions,
} from "@redoubt/services";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { columns } from "../../output.ts";
import { openHome } from "../../service/face.ts";
import { repeated } from "../../service/flags.ts";
import { oneOf } from "../../usage.ts";

/** What can be simulated. */
export const simulationKinds: readonly SimulationKind[] = describeSimulations().map(({ kind }) => kind);

const examples = `
Kinds, and their options with what they are by default:
${describeSimulations().map(helpOf).join("\n")}

Examples:
  redoubt service simulate my-redis token-issuer -o lifetime=5m
  redoubt service simulate my-redis idle-cut -o after=90s
  redoubt service simulate my-redis idle-cut --stop`;

interface Flags {
  readonly o: readonly string[];
  readonly stop?: true;
  readonly json?: true;
}

/** Adds `redoubt service simulate`. */
export function addServiceSimulate(service: Command, invocation: Invocation): void {
  const { output } = invocation;
  service
    .command("simulate <name> <kind>")
    .description("Do what managed services do to their clients, on purpose.")
    .option("-o <key=value>", "an option of that kind, as often as wanted", repeated, [])
    .option("--stop", "stop doing it")
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action(async (name: string, word: string, { o, stop, json }: Flags) => {
      const kind = oneOf("The kind", simulationKinds)(word);
      const services = await openHome(invocation);
      if (stop) await services.simulateStop(name, kind);
      else {
        const state = await services.simulate(name, kind, readOptions(o));
        if (json) output.json(state);
        else
          output.line(
            columns(
              Object.entries({ kind, ...state.options, ...state.facts }).map(([key, value]) => [
                key,
                String(value),
              ]),
            ),
          );
      }
      invocation.exitCode = exitCodes.ok;
    });
}

function helpOf({ kind, text, options }: SimulationDescription): string {
  const rows = options.map((option) => [`    -o ${option.name}=${option.default}`, option.text] as const);
  return [`  ${kind}: ${text}`, ...(rows.length === 0 ? [] : [columns(rows)])].join("\n");
}

function readOptions(texts: readonly string[]): SimulationOptions {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      if (at < 1)
        throw new RedoubtError("CONFIG_SYNTAX", "-o takes KEY=VALUE.", {
          hint: "For example: -o after=90s",
        });
      const value = text.slice(at + 1);
      return [
        text.slice(0, at),
        /^\d+$/.test(value) ? Number(value) : value === "true" ? true : value === "false" ? false : value,
      ];
    }),
  );
}
