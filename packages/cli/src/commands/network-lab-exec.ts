import { spawn } from "node:child_process";
import { RedoubtError } from "@redoubt/client";
import { defaultLabName, type InsideCommand, insideLab, type Lab, labNamed } from "@redoubt/network";
import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { waysOf } from "../network-lab-report.ts";

interface ExecFlags {
  readonly name?: string;
}

/** Adds `redoubt network lab exec`, which runs a command on a machine, and `lab doctor`, which runs the doctor there. */
export function addNetworkLabExec(lab: Command, invocation: Invocation): void {
  lab
    .command("exec <machine> [command...]")
    .usage("[options] <machine> -- command …")
    .description(
      "Run a command on a machine, with its network and DNS; REDIS_URL holds the first cache's string.",
    )
    .option("--name <name>", `name of the laboratory (default: ${defaultLabName})`)
    .passThroughOptions()
    .action(async (machine: string, command: string[], { name }: ExecFlags) => {
      const words = command[0] === "--" ? command.slice(1) : command;
      if (words.length === 0)
        throw new RedoubtError("CONFIG_MISSING", "The command is missing.", {
          hint: "Write it behind the machine: redoubt network lab exec app -- redoubt ping.",
        });
      const found = words[0] === "redoubt" ? [...thisProgram(), ...words.slice(1)] : words;
      invocation.exitCode = await run(insideLab(labNamed(name), machine, found), invocation, null);
    });
  lab
    .command("doctor <machine> [words...]")
    .usage("[options] <machine> [cache] [options of redoubt doctor]")
    .description("Run redoubt doctor on a machine, for a cache (default: the first).")
    .option("--name <name>", `name of the laboratory (default: ${defaultLabName})`)
    .passThroughOptions()
    .action(async (machine: string, words: string[], { name }: ExecFlags) => {
      const shown = labNamed(name);
      const named = words[0]?.startsWith("-") === false ? words[0] : undefined;
      const options = named === undefined ? words : words.slice(1);
      const isCache = shown.machines.some((one) => one.name === machine && one.kind === "cache");
      const command = [...thisProgram(), "doctor", ...(isCache ? ["--dependencies"] : []), ...options, "-"];
      const text = stringOf(shown, named ?? (isCache ? machine : undefined));
      invocation.exitCode = await run(insideLab(shown, machine, command), invocation, text);
      if (!options.includes("--json")) tellJudgement(shown, machine, named, invocation);
    });
}

/** What the rules of the laboratory say of the way that the doctor has tried. */
function tellJudgement(lab: Lab, machine: string, cache: string | undefined, { output }: Invocation): void {
  const to = cache ?? lab.strings[0]?.cache;
  const way = waysOf(lab).find((one) => one.from === machine && one.to === to);
  if (way === undefined) return;
  const why = way.why === "" ? "" : `: ${output.foreign(way.why)}`;
  output.note(`The judge, by the same network: ${way.verdict}${why}`);
}

function thisProgram(): string[] {
  return [process.execPath, process.argv[1] ?? ""];
}

function stringOf({ strings }: Lab, cache: string | undefined): string {
  const found = cache === undefined ? strings[0] : strings.find((one) => one.cache === cache);
  if (found !== undefined) return found.text.reveal();
  throw new RedoubtError("CONFIG_INVALID_VALUE", "There is no cache of that name in the laboratory.", {
    hint: `There are: ${strings.map((one) => one.cache).join(", ")}.`,
  });
}

/** Runs it on this terminal, to its end. @param input what stdin holds; `null`: that of this program */
function run(
  { file, words, environment }: InsideCommand,
  { environment: own }: Invocation,
  input: string | null,
): Promise<ExitCode> {
  const child = spawn(file, [...words], {
    stdio: [input === null ? "inherit" : "pipe", "inherit", "inherit"],
    env: { ...own, ...environment },
  });
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  // Ctrl-C reaches both: the command decides what to do about it.
  const wait = () => {};
  process.on("SIGINT", wait);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.off("SIGINT", wait);
      // The code is that of the command, whatever numbers it has.
      resolve((code ?? (signal === "SIGINT" ? 130 : 1)) as ExitCode);
    });
  });
}
