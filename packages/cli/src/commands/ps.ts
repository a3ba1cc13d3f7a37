import type { RunningEntry, Snapshot } from "@redoubt/apphost";
import type { Command } from "commander";
import { type AppFlag, addAppFlag, allRunning, chosenApp } from "../apphost/running.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { addTableFlags, printItems, type TableFlags } from "../service/table.ts";

interface Flags extends TableFlags, AppFlag {
  readonly stop?: true;
}

const columns = ["name", "type", "state", "health", "urls", "waiting_for"] as const;

const examples = `
Examples:
  redoubt ps                                   apps that run, with their resources
  redoubt ps --format '{name} {state}'
  redoubt ps --stop                            stop the app as Ctrl-C does`;

/** Adds `redoubt ps`. */
export function addPs(program: Command, invocation: Invocation): void {
  const command = program
    .command("ps")
    .summary("Show the apps that run here, and their resources.")
    .description("Show the apps that run on this machine, and what their resources are.")
    .option("--stop", "stop the app")
    .addHelpText("after", examples);
  addTableFlags(addAppFlag(command)).action(async (flags: Flags) => {
    if (flags.stop) await stop(flags, invocation);
    else await list(flags, invocation);
    invocation.exitCode = exitCodes.ok;
  });
}

async function stop(flags: Flags, invocation: Invocation): Promise<void> {
  const { app, file } = await chosenApp(flags, invocation);
  await app.stop();
  invocation.output.note(`${file} is being stopped.`);
}

async function list(flags: Flags, invocation: Invocation): Promise<void> {
  const { output } = invocation;
  const apps = flags.app === undefined ? await allRunning(invocation) : [await chosenApp(flags, invocation)];
  const documents = await Promise.all(apps.map(documentOf));
  if (flags.json) return output.json(documents);
  for (const { file, pid, resources } of documents) {
    if (flags.format === undefined) output.note(`${file} (process ${pid})`);
    printItems(resources, columns, flags, output);
  }
  if (documents.length === 0) output.note("No app runs.");
}

async function documentOf({ app, file, pid, startedAt }: RunningEntry) {
  const snapshots = await app.snapshots();
  return { file, pid, started_at: startedAt, resources: snapshots.map(resourceDocument) };
}

/** A resource as it is printed; secrets are masked in it already. */
export function resourceDocument(snapshot: Snapshot): Record<string, unknown> {
  const { name, type, state, health, exitCode, startedAt, urls, parent, waitingFor, message } = snapshot;
  return {
    name,
    type,
    state,
    health: health ?? null,
    exit_code: exitCode ?? null,
    started_at: startedAt?.toISOString() ?? null,
    urls: urls.map(({ url }) => url),
    parent: parent ?? null,
    waiting_for: waitingFor,
    message: message ?? null,
  };
}
