import { RedoubtError } from "@redoubt/client";
import { type Explanation, explainFlow, readExports } from "@redoubt/network";
import type { Command } from "commander";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { readExportFiles } from "../network-files.ts";
import type { Output } from "../output.ts";
import { oneOf } from "../usage.ts";

interface ExplainFlags {
  readonly from?: string;
  readonly to?: string;
  readonly port?: { from: number; to: number };
  readonly protocol?: "tcp" | "udp";
  readonly onPremisesForwards?: boolean;
  readonly json?: true;
}

const examples = `
An end is a cache, a network interface, a subnet (name, network/name or id), an address or
prefix, a service tag, or "internet". Exit code 3: denied, or it cannot be told.

Examples:
  redoubt network explain exports/ --from app --to orders
  redoubt network explain exports/ --from 10.0.2.7 --to orders --port 15000-15999
  redoubt network explain exports/ --from vnet/redis --to AzureMonitor --port 12000`;

/** Adds `redoubt network explain`: one flow, step by step. */
export function addNetworkExplain(network: Command, invocation: Invocation): void {
  network
    .command("explain <file...>")
    .description("Say whether one end reaches another by these exports, and what decides.")
    .option("--from <end>", "where the flow begins")
    .option("--to <end>", "where it goes")
    .option("--port <ports>", "a port or a range (default: that of the cache)", portRange)
    .option("--protocol <name>", "tcp or udp (default: tcp)", oneOf("--protocol", ["tcp", "udp"]))
    .option("--on-premises-forwards", "traffic that is tunnelled on-premises gets to the internet from there")
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action(
      (paths: string[], { from, to, port, protocol, onPremisesForwards = false, json }: ExplainFlags) => {
        if (from === undefined || to === undefined)
          throw new RedoubtError("CONFIG_MISSING", "Both ends are needed.", {
            hint: "Name them: --from app --to orders.",
          });
        const answer = explainFlow(readExports(readExportFiles(paths)).network, {
          from,
          to,
          onPremisesForwards,
          ...(port && { ports: port }),
          ...(protocol && { protocol: protocol === "udp" ? "Udp" : "Tcp" }),
        });
        if (json) invocation.output.json(answer);
        else print(answer, invocation.output);
        invocation.exitCode = verdictCode(answer);
      },
    );
}

function verdictCode({ verdict }: Explanation): ExitCode {
  return verdict === "allowed" ? exitCodes.ok : exitCodes.findings;
}

function print({ from, to, protocol, ports, verdict, steps }: Explanation, output: Output): void {
  const port = ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
  const styles = { allowed: "good", denied: "bad", "cannot tell": "warn" } as const;
  output.line(output.foreign(`${from} to ${to}, ${protocol.toLowerCase()}/${port}`));
  for (const step of steps)
    output.line(
      `  ${step.kind.padEnd(8)}  ${output.paint(styles[step.verdict], step.verdict.padEnd(11))}  ${output.foreign(`${step.at}: ${step.says}`)}`,
    );
  for (const { what, command } of steps.flatMap(({ missing }) => missing))
    output.line(`  ${output.paint("faint", "export")}    ${output.foreign(`${what}: ${command}`)}`);
  output.line(output.paint(styles[verdict], verdict));
}

function portRange(text: string): { from: number; to: number } {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (from >= 1 && to <= 65_535 && from <= to) return { from, to };
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    "--port takes a port from 1 to 65535, or a range such as 13000-13999.",
  );
}
