import { existsSync } from "node:fs";
import { RedoubtError } from "@redoubt/client";
import { serveStunnel, wantsBackground } from "@redoubt/tunnel";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { goToBackground, isBackground, tellParent } from "./background.ts";

/** Flags of `redoubt tunnel FILE`. */
export interface TunnelFileFlags {
  /** Milliseconds. */
  readonly drain?: number;
  readonly workers?: number;
}

/** Runs a `stunnel.conf` until it is told to end; in the background, where the file does not say `foreground = yes`. */
export async function runTunnelFile(
  file: string,
  { drain, workers, ...others }: TunnelFileFlags,
  { signal, environment, output }: Invocation,
): Promise<ExitCode> {
  if (Object.keys(others).length > 0)
    throw new RedoubtError(
      "CONFIG_AMBIGUOUS",
      "A file says everything itself: of the options, only --drain and --workers go with it.",
    );
  const path = existing(file);
  const background = isBackground(environment);
  if (!background && wantsBackground(path)) {
    const pid = await goToBackground(environment);
    output.note(`The tunnel runs in the background, as process ${pid}.`);
    return exitCodes.ok;
  }
  try {
    await serveStunnel(path, {
      signal,
      ...(drain !== undefined && { drain }),
      ...(workers !== undefined && { workers: Math.max(workers, 1) }),
      ...(background && { ready: () => tellParent(null) }),
    });
  } catch (error) {
    if (background) tellParent(error);
    throw error;
  }
  return signal.aborted ? exitCodes.interrupted : exitCodes.ok;
}

/** The argument as a file; it is not repeated where there is none: it may be a connection string in the wrong place. */
export function existing(file: string): string {
  if (existsSync(file)) return file;
  throw new RedoubtError("CONFIG_FILE", "There is no file of that name.", {
    hint: "Give the path of a stunnel.conf; a connection string goes behind --to.",
  });
}
