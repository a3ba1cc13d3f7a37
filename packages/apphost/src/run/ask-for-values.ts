import { ParameterResource } from "../model/parameter.ts";
import type { Engine } from "./engine.ts";
import type { LogPrinter } from "./logs/log-printer.ts";

/**
 * Asks at the terminal for parameters that have no value, one after the other; lines of logs are held back meanwhile.
 * @returns what ends that
 */
export function askForValues(engine: Engine, printer: LogPrinter): () => void {
  const asked = new Set<string>();
  let queue: Promise<void> = Promise.resolve();
  const over = new AbortController();
  const look = (): void => {
    for (const { name, state } of engine.snapshots()) {
      const resource = engine.app.find(name);
      if (state !== "ValueMissing" || asked.has(name) || !(resource instanceof ParameterResource)) continue;
      asked.add(name);
      queue = queue.then(() => ask(resource, engine, printer, over.signal)).catch(() => {});
    }
  };
  const end = engine.watch(look);
  look();
  return () => {
    end();
    over.abort();
  };
}

async function ask(
  parameter: ParameterResource,
  engine: Engine,
  printer: LogPrinter,
  signal: AbortSignal,
): Promise<void> {
  // Somebody may have given it otherwise while another question was open.
  if (signal.aborted || engine.snapshot(parameter.name).state !== "ValueMissing") return;
  const { confirm, isCancel, password, text } = await import("@clack/prompts");
  const { name, secret, description } = parameter;
  const message = `Value of ${name}${description === undefined ? "" : ` (${description})`}`;
  const validate = (value: string | undefined) => (value ? undefined : "A value is needed.");
  printer.hold();
  try {
    const value = await (secret
      ? password({ message, validate, signal, output: process.stderr })
      : text({ message, validate, signal, output: process.stderr }));
    if (isCancel(value)) return cancelled(engine, signal);
    const keep = await confirm({
      message: "Keep it for the next runs, in a file that only you can read?",
      signal,
      output: process.stderr,
    });
    if (isCancel(keep)) return cancelled(engine, signal);
    await engine.setParameter(name, value, { keep });
  } finally {
    printer.release();
  }
}

/** Ctrl-C at a question is one at the app: the question has the terminal to itself. */
function cancelled(engine: Engine, signal: AbortSignal): void {
  if (!signal.aborted) void engine.shutDown("interrupted");
}
