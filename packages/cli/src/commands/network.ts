import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";
import { addNetworkCheck } from "./network-check.ts";
import { addNetworkExplain } from "./network-explain.ts";
import { addNetworkLab } from "./network-lab.ts";
import { addNetworkMigrate } from "./network-migrate.ts";
import { addNetworkPlan } from "./network-plan.ts";

const examples = `
Examples:
  redoubt network check exports/
  redoubt network explain exports/ --from app --to orders
  redoubt network plan --subnet 10.0.1.0/27 --client 10.0.2.0/24
  redoubt network migrate exports/ --name orders
  sudo redoubt network lab up`;

/** Adds `redoubt network`: Redis inside virtual networks. */
export function addNetwork(program: Command, invocation: Invocation): void {
  const network = program
    .command("network")
    .summary("Plan, check or build a network around Redis.")
    .description(
      "Redis inside a virtual network: plan it, check exports of one, explain a flow, build a small one.",
    )
    .addHelpText("after", examples);
  addNetworkPlan(network, invocation);
  addNetworkCheck(network, invocation);
  addNetworkExplain(network, invocation);
  addNetworkMigrate(network, invocation);
  addNetworkLab(network, invocation);
}
