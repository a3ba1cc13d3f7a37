import { RedoubtError } from "@redoubt/client";
import {
  nsgBicep,
  planRoutes,
  planRules,
  planSubnet,
  routesCommands,
  routeTableBicep,
  rulesCommands,
  validateCreation,
} from "@redoubt/network";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { columns, type Output } from "../output.ts";
import { oneOf, wholeNumber } from "../usage.ts";

interface PlanFlags {
  readonly subnet?: string;
  readonly client?: readonly string[];
  readonly vnet?: readonly string[];
  readonly shards?: number;
  readonly replicas?: number;
  readonly plaintext?: true;
  readonly geoPeer?: readonly string[];
  readonly dns?: readonly string[];
  readonly advertised?: readonly string[];
  readonly name?: string;
  readonly tier?: string;
  readonly location?: string;
  readonly staticIp?: string;
  readonly natGateway?: true;
  readonly privateEndpoint?: true;
  readonly as?: "text" | "az" | "bicep" | "json";
}

const examples = `
Exit code 3 says that the rules of creation are broken.

Examples:
  redoubt network plan --subnet 10.0.1.0/27 --client 10.0.2.0/24 --shards 3
  redoubt network plan --subnet 10.0.1.0/27 --client 10.0.2.0/24 --as bicep
  redoubt network plan --subnet 10.0.1.0/27 --client 10.0.2.0/24 --advertised 0.0.0.0/0 --as az`;

/** Adds `redoubt network plan`: subnet, rules and routes for a cache inside a virtual network. */
export function addNetworkPlan(network: Command, invocation: Invocation): void {
  network
    .command("plan")
    .description("Plan the subnet, rules and routes of a Premium cache inside a virtual network.")
    .option("--subnet <prefix>", "the subnet of the cache")
    .option("--client <prefix...>", "subnets with clients")
    .option("--vnet <prefix...>", "address space of the network, to check that the subnet is inside")
    .option(
      "--shards <n>",
      "shards of a clustered cache (default: 0, not clustered)",
      wholeNumber("--shards"),
    )
    .option("--replicas <n>", "replicas of each primary (default: 1)", wholeNumber("--replicas"))
    .option("--plaintext", "let clients in on the port without TLS, too")
    .option("--geo-peer <prefix...>", "subnets of caches that replicate with this one")
    .option("--dns <address...>", "the network's own DNS servers")
    .option(
      "--advertised <prefix...>",
      "prefixes that a gateway advertises, 0.0.0.0/0 for forced tunnelling: plan routes",
    )
    .option("--name <name>", "name of the cache (default: redis)")
    .option("--tier <tier>", "its tier (default: Premium)")
    .option("--location <region>", "its region")
    .option("--static-ip <address>", "its address")
    .option("--nat-gateway", "the subnet has a NAT gateway")
    .option("--private-endpoint", "it is to have a private endpoint as well")
    .option(
      "--as <form>",
      "text, az, bicep or json (default: text)",
      oneOf("--as", ["text", "az", "bicep", "json"]),
    )
    .addHelpText("after", examples)
    .action((flags: PlanFlags) => {
      if (flags.subnet === undefined)
        throw new RedoubtError("CONFIG_MISSING", "The subnet is needed.", {
          hint: "Name it: --subnet 10.0.1.0/27.",
        });
      const { output } = invocation;
      const plan = planOf(flags, flags.subnet);
      for (const { severity, message, fix } of plan.violations) output.note(`${severity}: ${message} ${fix}`);
      print(plan, flags.as ?? "text", output);
      invocation.exitCode = plan.violations.some(({ severity }) => severity === "error")
        ? exitCodes.findings
        : exitCodes.ok;
    });
}

function planOf(flags: PlanFlags, subnet: string) {
  const { shards = 0, replicas = 1, client = [], advertised, vnet, name = "redis" } = flags;
  const cache = { name, shards, replicasPerPrimary: replicas };
  const rules = planRules({
    subnet,
    clients: client,
    clustered: shards > 0,
    plaintext: flags.plaintext ?? false,
    geoPeers: flags.geoPeer ?? [],
    dnsServers: flags.dns ?? [],
  });
  const violations = validateCreation({
    ...cache,
    tier: flags.tier ?? "Premium",
    location: flags.location ?? "",
    ...(flags.staticIp && { staticIp: flags.staticIp }),
    ...(flags.privateEndpoint && { privateEndpoint: true }),
    subnet: { prefix: subnet, vnetPrefixes: vnet ?? [subnet], ...(flags.natGateway && { natGateway: true }) },
  });
  return {
    subnet: planSubnet([cache]),
    rules,
    routes: advertised === undefined ? null : planRoutes(advertised),
    violations,
  };
}

function print(plan: ReturnType<typeof planOf>, form: NonNullable<PlanFlags["as"]>, output: Output): void {
  const { subnet, rules, routes } = plan;
  switch (form) {
    case "json":
      return output.json(plan);
    case "az":
      return output.exact(
        [
          ...rulesCommands(rules, "GROUP", "redis-nsg"),
          ...(routes === null ? [] : routesCommands(routes.routes, "GROUP", "redis-routes")),
        ].join("\n"),
      );
    case "bicep":
      return output.exact(
        [
          nsgBicep(rules, "redis-nsg"),
          ...(routes === null ? [] : [routeTableBicep(routes.routes, "redis-routes")]),
        ].join("\n\n"),
      );
    case "text":
      output.line(
        `${subnet.needed} addresses, ${subnet.reserved} of them Azure's: at least a /${subnet.prefixLength}, ${subnet.spare} spare`,
      );
      for (const { direction, name, priority, access, protocol, sources, destinations, ports } of rules)
        output.line(
          `  ${direction.padEnd(8)}  ${String(priority).padEnd(4)}  ${access.padEnd(5)}  ${protocol.padEnd(3)}  ${name.padEnd(24)}  ${sources.join(",")} to ${destinations.join(",")}, ${ports.join(",")}`,
        );
      if (routes !== null)
        output.line(columns(routes.routes.map(({ prefix, nextHop }) => [prefix, nextHop])));
      for (const warning of [...subnet.warnings, ...(routes?.warnings ?? [])]) output.note(warning);
  }
}
