import { RedoubtError } from "@redoubt/client";
import { type MigrationPlan, type MigrationRequest, planMigration, readExports } from "@redoubt/network";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { readExportFiles } from "../network-files.ts";
import { columns, type Output } from "../output.ts";
import { oneOf, wholeNumber } from "../usage.ts";

interface MigrateFlags {
  readonly name?: string;
  readonly region?: string;
  readonly to?: MigrationRequest["target"];
  readonly data?: NonNullable<MigrationRequest["data"]>;
  readonly capacity?: number;
  readonly shards?: number;
  readonly dataGb?: number;
  readonly json?: true;
}

const examples = `
Name, region, size and shards come from exports where there are some (az redis show -o json).

Examples:
  redoubt network migrate exports/ --name orders
  redoubt network migrate --name orders --region westeurope --capacity 2 --to private-endpoint`;

/** Adds `redoubt network migrate`: from a cache inside a network to a private endpoint or Azure Managed Redis. */
export function addNetworkMigrate(network: Command, invocation: Invocation): void {
  network
    .command("migrate [file...]")
    .description(
      "Plan the move of a cache that is inside a virtual network: steps, strings, ports, zones, dates.",
    )
    .option("--name <name>", "the cache")
    .option("--region <region>", "its region, for example westeurope")
    .option(
      "--to <target>",
      "managed (Azure Managed Redis, the default) or private-endpoint",
      oneOf("--to", ["managed", "private-endpoint"]),
    )
    .option(
      "--data <way>",
      "export-import (the default), dual-write, copy or empty",
      oneOf("--data", ["dual-write", "export-import", "copy", "empty"]),
    )
    .option("--capacity <n>", "1 to 5 for P1 to P5", wholeNumber("--capacity"))
    .option("--shards <n>", "0 for a cache that is not clustered", wholeNumber("--shards"))
    .option("--data-gb <n>", "gigabytes of data, to choose the size by", wholeNumber("--data-gb"))
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action((paths: string[], flags: MigrateFlags) => {
      const plan = planMigration(requestOf(paths, flags));
      if (flags.json) invocation.output.json(plan);
      else print(plan, invocation.output);
      invocation.exitCode = exitCodes.ok;
    });
}

function requestOf(paths: readonly string[], flags: MigrateFlags): MigrationRequest {
  const caches =
    paths.length === 0
      ? []
      : readExports(readExportFiles(paths)).network.caches.filter(({ kind }) => kind === "redis");
  const named = caches.filter(
    ({ name }) => flags.name === undefined || name.toLowerCase() === flags.name.toLowerCase(),
  );
  const [found, ...others] = named;
  if (others.length > 0)
    throw new RedoubtError("CONFIG_AMBIGUOUS", "There are several caches in these exports.", {
      hint: `Name one: --name ${named.map(({ name }) => name).join(", --name ")}.`,
    });
  const name = flags.name ?? found?.name;
  const region = flags.region ?? found?.region ?? undefined;
  if (name === undefined || region === undefined)
    throw new RedoubtError(
      "CONFIG_MISSING",
      `The ${name === undefined ? "name" : "region"} of the cache is needed.`,
      {
        hint: "Give --name and --region, or an export of the cache.",
      },
    );
  const capacity = flags.capacity ?? found?.capacity ?? undefined;
  const shards = flags.shards ?? found?.shards ?? undefined;
  return {
    name,
    region,
    target: flags.to ?? "managed",
    ...(flags.data && { data: flags.data }),
    ...(capacity !== undefined && { capacity }),
    ...(shards !== undefined && { shards }),
    ...(flags.dataGb !== undefined && { dataGB: flags.dataGb }),
    plaintext: found?.plaintext ?? false,
    geoReplicated: (found?.linkedServerIds.length ?? 0) > 0,
  };
}

function print({ from, to, before, after, steps, without, dates }: MigrationPlan, output: Output): void {
  output.line(
    columns([
      ["from", from],
      ["to", to],
      ["string before", before.connectionString],
      ["string after", after.connectionString],
      ["ports before", before.ports.join(", ")],
      ["ports after", after.ports.join(", ")],
      ["DNS zone", after.zone],
    ]),
  );
  for (const [index, { title, does, commands, down }] of steps.entries()) {
    output.line(`\n${output.paint("strong", `${index + 1}. ${title}`)}`);
    output.line(`   ${output.foreign(does)}`);
    for (const command of commands)
      output.line(`   ${output.paint("faint", "$")} ${output.foreign(command)}`);
    output.line(`   ${output.paint("faint", "down")}  ${output.foreign(down)}`);
  }
  output.line(`\n${output.paint("strong", "What has no counterpart, or another")}`);
  for (const one of without) output.line(`  - ${output.foreign(one)}`);
  output.line(`\n${output.paint("strong", "Dates")}`);
  for (const one of dates) output.line(`  - ${output.foreign(one)}`);
}
