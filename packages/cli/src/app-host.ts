import { type AppHostEnd, type AppHostOrder, launchAppHost } from "@redoubt/apphost/launch";
import type { Command } from "commander";
import type { Invocation } from "./invocation.ts";

/** Options that all commands of apps have. */
export interface AppHostFlags {
  readonly environment?: string;
}

/** What the help of commands of apps ends in. */
export const appHostHelp = `
Without a file: apphost.ts, apphost.mts, apphost.js or apphost.mjs in the working directory. TypeScript
is run as it is. Words behind -- configure the app: -- --Parameters:size=B0`;

/** Adds what all commands of apps take. */
export function addAppHostArguments(command: Command): Command {
  return command
    .argument("[file]", "the app's file, or its folder")
    .argument("[words...]", "words for the app's own command line")
    .option("--environment <name>", "name of the environment: which settings and secrets count");
}

/** The first word behind `--` is no file when none was given. */
export function fileAndWords(
  file: string | undefined,
  words: readonly string[],
): Pick<AppHostOrder, "file" | "args"> {
  if (file === undefined) return { args: words };
  return file.startsWith("--") ? { args: [file, ...words] } : { file, args: words };
}

/** Starts an app's file, lets it work, and passes on interrupts. */
export async function runAppHost(
  order: Omit<AppHostOrder, "environment">,
  { environment }: AppHostFlags,
  { environment: variables, signal, onSignal }: Invocation,
): Promise<AppHostEnd> {
  const host = launchAppHost({
    ...order,
    environment: { ...variables, ...(environment !== undefined && { REDOUBT_ENVIRONMENT: environment }) },
  });
  const interrupt = (): void => host.interrupt();
  signal.addEventListener("abort", interrupt, { once: true });
  const ends = (["SIGTERM", "SIGHUP"] as const).map((name) => onSignal(name, () => host.kill(name)));
  try {
    return await host.ended;
  } finally {
    signal.removeEventListener("abort", interrupt);
    for (const end of ends) end();
  }
}
