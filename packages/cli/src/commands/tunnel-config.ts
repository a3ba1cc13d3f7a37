import { statSync } from "node:fs";
import { describeTarget, RedoubtError } from "@redoubt/client";
import { createTunnel, readTunnelFile, type Tunnel } from "@redoubt/tunnel";
import type { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { noteWarnings } from "../notices.ts";
import { keepOpen } from "../open-tunnels.ts";
import { hideSecrets } from "../source.ts";
import { summary } from "../summary.ts";

/** Opens the tunnels of a YAML or JSON file. */
export async function tunnelConfig(
  file: string,
  others: readonly string[],
  invocation: Invocation,
): Promise<ExitCode> {
  const { output, environment } = invocation;
  if (others.length > 0)
    throw new RedoubtError(
      "CONFIG_AMBIGUOUS",
      "The file of --config says everything itself: no other option goes with it.",
    );
  const { tunnels, drain, accessLog, holdsSecrets } = readTunnelFile(file, environment);
  if (holdsSecrets && (statSync(file).mode & 0o077) !== 0)
    output.note(
      output.paintTalk(
        "warn",
        "The file holds a secret and others may read it: chmod 600, or name a variable.",
      ),
    );
  const open: Tunnel[] = [];
  try {
    for (const settings of tunnels) {
      hideSecrets(settings.to, invocation);
      for (const secret of Object.values(settings.users ?? {})) output.hide(secret);
      output.note(summary(describeTarget(settings.to)));
      noteWarnings(settings.to, output);
      const log = (line: string): void => output.note(output.foreign(line));
      const write = (line: string): void => output.line(line);
      open.push(
        await createTunnel({
          ...settings,
          log,
          ...(accessLog !== null && { accessLog: { format: accessLog, write } }),
        }),
      );
    }
  } catch (error) {
    await Promise.all(open.map((tunnel) => tunnel.close({ timeout: 0 })));
    throw error;
  }
  return keepOpen(open, drain ?? undefined, invocation);
}
