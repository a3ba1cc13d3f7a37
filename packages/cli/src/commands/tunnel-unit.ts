import { RedoubtError } from "@redoubt/client";
import { tunnelUnit } from "@redoubt/tunnel";
import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";

interface UnitFlags {
  readonly config?: string;
  readonly program?: string;
  readonly environmentFile?: string;
}

const examples = `
Examples:
  redoubt tunnel unit > /etc/systemd/system/redoubt-tunnel.service
  redoubt tunnel unit --config /etc/redoubt/cache.yaml --environment-file /etc/redoubt/cache.env`;

/** Adds `redoubt tunnel unit`: a systemd unit that starts a tunnel with as little as it needs. */
export function addTunnelUnit(tunnel: Command, { output }: Invocation): void {
  tunnel
    .command("unit")
    .description("Print a systemd unit that runs the tunnels of a file, locked down.")
    .option("--config <file>", "the file (default: /etc/redoubt/tunnel.yaml)")
    .option("--program <file>", "path of redoubt (default: /usr/bin/redoubt)")
    .option("--environment-file <file>", "file with variables that the file names")
    .addHelpText("after", examples)
    // What the parent has an option of the same name for goes to the parent.
    .action((_: UnitFlags, command: Command) => {
      const { config, program, environmentFile } = command.optsWithGlobals<UnitFlags>();
      try {
        const text = tunnelUnit({
          ...(config !== undefined && { config }),
          ...(program !== undefined && { program }),
          ...(environmentFile !== undefined && { environmentFile }),
        });
        output.exact(text);
      } catch (cause) {
        throw new RedoubtError("CONFIG_INVALID_VALUE", (cause as Error).message, { cause });
      }
    });
}
