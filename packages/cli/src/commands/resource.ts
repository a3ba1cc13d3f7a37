import type { RemoteApp, Snapshot } from "@redoubt/apphost";
import { RedoubtError, Secret } from "@redoubt/client";
import type { Command } from "commander";
import { type AppFlag, addAppFlag, chosenApp } from "../apphost/running.ts";
import { duration } from "../duration.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { columns } from "../output.ts";
import { readStdin } from "../stdin.ts";
import { resourceDocument } from "./ps.ts";

interface Flags extends AppFlag {
  readonly reveal?: true;
  readonly keep?: true;
  readonly timeout?: number;
  readonly json?: true;
}

const examples = `
Commands are start, stop, restart, those of the app's own withCommand(), and

  wait [state]       wait until it is in a state (default: healthy)
  set-value          give a parameter its value, read from stdin
  connection-string  print what programs of this machine connect with; needs --reveal

Examples:
  redoubt resource cache                       what it is, its environment, its commands
  redoubt resource cache restart
  redoubt resource cache wait healthy --timeout 60s
  redoubt resource api-key set-value --keep < key.txt`;

/** Adds `redoubt resource`. */
export function addResource(program: Command, invocation: Invocation): void {
  const command = program
    .command("resource <name> [command] [argument]")
    .summary("Look at a resource of a running app, or command it.")
    .description("Look at a resource of a running app, or give it a command.")
    .option("--reveal", "show secrets")
    .option("--keep", "with set-value: also for later runs")
    .option("--timeout <time>", "with wait: how long at most (default: 5m)", duration("--timeout"))
    .option("--json", "print one JSON document")
    .addHelpText("after", examples);
  addAppFlag(command).action(
    async (name: string, word: string | undefined, argument: string | undefined, flags: Flags) => {
      const { app } = await chosenApp(flags, invocation);
      invocation.exitCode = exitCodes.ok;
      if (word === undefined) return show(app, name, flags, invocation);
      if (word === "wait") return wait(app, name, argument ?? "healthy", flags, invocation);
      if (argument !== undefined)
        throw new RedoubtError("CONFIG_UNKNOWN_KEY", "Only wait takes a word behind the command.");
      if (word === "set-value") return setValue(app, name, flags, invocation);
      if (word === "connection-string") return connectionString(app, name, flags, invocation);
      await execute(app, name, word, flags, invocation);
    },
  );
}

async function show(app: RemoteApp, name: string, flags: Flags, { output }: Invocation): Promise<void> {
  const snapshot = flags.reveal ? await app.reveal(name) : await find(app, name);
  const document = detailsOf(snapshot);
  if (flags.json) return output.json(document);
  const { properties, environment, commands, ...facts } = document;
  const text = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value));
  const rows = Object.entries({ ...facts, ...properties }).filter(
    ([, value]) => value !== null && text(value) !== "",
  );
  output.line(columns(rows.map(([key, value]) => [key, text(value)] as const)));
  for (const [title, entries] of [
    ["environment", Object.entries(environment)],
    [
      "commands",
      commands.map((one) => [one.name, `${one.title}${one.enabled ? "" : " (not now)"}`] as const),
    ],
  ] as const) {
    if (entries.length === 0) continue;
    output.line(`\n${output.paint("strong", title)}`);
    output.line(columns(entries));
  }
}

async function find(app: RemoteApp, name: string): Promise<Snapshot> {
  const all = await app.snapshots();
  const found = all.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = all.map((one) => one.name).join(", ");
  throw new RedoubtError("APP_REFERENCE", `There is no resource of that name; there are ${names}.`, {
    hint: "`redoubt ps` shows all of them; --app names another app.",
  });
}

function detailsOf(snapshot: Snapshot) {
  const { properties, environment, commands } = snapshot;
  return {
    ...resourceDocument(snapshot),
    properties: Object.fromEntries(Object.entries(properties).map(([key, { value }]) => [key, value])),
    environment: Object.fromEntries(environment.map(({ name, value }) => [name, value])),
    commands: commands.map(({ name, title, enabled }) => ({ name, title, enabled })),
  };
}

async function wait(
  app: RemoteApp,
  name: string,
  until: string,
  { timeout, json }: Flags,
  { output, signal }: Invocation,
): Promise<void> {
  const snapshot = await app.waitFor(name, until, { signal, ...(timeout !== undefined && { timeout }) });
  if (json) output.json(resourceDocument(snapshot));
  else
    output.note(
      `${snapshot.name} is ${snapshot.state}${snapshot.health === undefined ? "" : `, ${snapshot.health}`}.`,
    );
}

async function setValue(
  app: RemoteApp,
  name: string,
  { keep }: Flags,
  invocation: Invocation,
): Promise<void> {
  const value = await readStdin(invocation, "value");
  if (value === "") throw new RedoubtError("CONFIG_MISSING", "stdin holds no value.");
  invocation.output.hide(new Secret(value));
  await app.setParameter(name, value, { keep: keep === true });
  invocation.output.note(`${name} has its value.`);
}

async function connectionString(
  app: RemoteApp,
  name: string,
  { reveal }: Flags,
  { output }: Invocation,
): Promise<void> {
  if (!reveal)
    throw new RedoubtError("CONFIG_MISSING", "The connection string holds a password.", {
      hint: "Add --reveal to print it all the same.",
    });
  output.exact(await app.connectionString(name));
}

async function execute(
  app: RemoteApp,
  name: string,
  word: string,
  { json }: Flags,
  invocation: Invocation,
): Promise<void> {
  const { output } = invocation;
  const { success, message } = await app.execute(name, word);
  if (json) output.json({ success, message: message ?? null });
  else output.note(output.foreign(message ?? (success ? "Done." : "It did not succeed.")));
  if (!success) invocation.exitCode = exitCodes.failure;
}
