import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";
import { addNetworkCheck } from "./network-check.ts";

const examples = `
Examples:
  redoubt network check exports/
  redoubt network check vnet.json nsg.json redis.json --json`;

/** Adds `redoubt network`: Redis inside virtual networks. */
export function addNetwork(program: Command, invocation: Invocation): void {
  const network = program
    .command("network")
    .description("Redis inside a virtual network: plan it, check exports of one, explain a flow.")
    .addHelpText("after", examples);
  addNetworkCheck(network, invocation);
}
