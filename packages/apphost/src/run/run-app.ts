import type { App } from "../model/app.ts";
import { askForValues } from "./ask-for-values.ts";
import { heldQuestions } from "./azure/held-questions.ts";
import type { Engine } from "./engine.ts";
import { LogPrinter, wantsColour } from "./logs/log-printer.ts";
import type { ExitReason } from "./running-app.ts";
import { type StartOptions, startApp } from "./start-app.ts";
import { StateTeller } from "./state-teller.ts";

/** Exit code for what was interrupted: 128 + SIGINT, as shells count. */
const interruptedCode = 130;

/** Signals that end an app. The second one ends it at once. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs an app until it is interrupted: writes its logs to stdout and what becomes of its resources to stderr, asks for parameters
 * that have no value where there is a terminal, and sets the exit code of the process.
 * @throws RedoubtError see {@link startApp}
 */
export async function runApp(app: App, options: StartOptions = {}): Promise<ExitReason> {
  const { stdout, stderr, stdin, env } = process;
  // Whoever reads has gone: the app goes on, as it does in the background.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const names = app.resources.map(({ name }) => name);
  const printer = new LogPrinter(
    { colour: wantsColour(stdout, env), write: (text) => void stdout.write(text) },
    names,
  );
  let release = (): void => {};
  const engine = await startApp(app, {
    ...options,
    azure: { questions: heldQuestions(printer), ...options.azure },
    onReady: (ready) => {
      options.onReady?.(ready);
      for (const line of ready.logStore.tail(undefined)) printer.print(line);
      ready.logStore.watch((line) => printer.print(line));
      const teller = new StateTeller(
        { colour: wantsColour(stderr, env), write: (text) => void stderr.write(text) },
        ready,
      );
      teller.begin();
      release = listen(ready, teller);
    },
  });
  const stopAsking = stdin.isTTY && stderr.isTTY ? askForValues(engine, printer) : () => {};
  const reason = await engine.done;
  stopAsking();
  release();
  if (reason === "interrupted") process.exitCode = interruptedCode;
  return reason;
}

/** Ends the app at signals, and when the program that started this one is gone. @returns what ends that */
function listen(engine: Engine, teller: StateTeller): () => void {
  let told = false;
  const end = (signal: string): void => {
    if (told) {
      teller.say(`${signal} again: everything is killed.`);
      void engine.killAll().finally(() => process.exit(interruptedCode));
      return;
    }
    told = true;
    teller.say(`${signal}: stopping. Once more ends everything at once.`);
    void engine.shutDown("interrupted");
  };
  const orphaned = (): void => void engine.shutDown("stopped");
  for (const signal of endings) process.on(signal, end);
  process.once("disconnect", orphaned);
  return () => {
    for (const signal of endings) process.off(signal, end);
    process.off("disconnect", orphaned);
  };
}
