import { existsSync } from "node:fs";
import { RedoubtError } from "@redoubt/client";
import { serveStunnel } from "@redoubt/tunnel";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";

/** Flags of `redoubt tunnel FILE`. */
export interface TunnelFileFlags {
  /** Milliseconds. */
  readonly drain?: number;
}

/** Runs a `stunnel.conf` until it is told to end. */
export async function runTunnelFile(
  file: string,
  { drain, ...others }: TunnelFileFlags,
  { signal }: Invocation,
): Promise<ExitCode> {
  if (Object.keys(others).length > 0)
    throw new RedoubtError(
      "CONFIG_AMBIGUOUS",
      "A file says everything itself: of the options, only --drain goes with it.",
    );
  await serveStunnel({ file: existing(file) }, { signal, ...(drain !== undefined && { drain }) });
  return signal.aborted ? exitCodes.interrupted : exitCodes.ok;
}

/** The argument as a file; it is not repeated where there is none: it may be a connection string in the wrong place. */
export function existing(file: string): string {
  if (existsSync(file)) return file;
  throw new RedoubtError("CONFIG_FILE", "There is no file of that name.", {
    hint: "Give the path of a stunnel.conf; a connection string goes behind --to.",
  });
}
