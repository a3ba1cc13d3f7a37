import type { Command } from "commander";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { loadServices, openHome, waiting } from "../../service/face.ts";
import {
  addServiceFlags,
  apart,
  readTags,
  repeated,
  type ServiceFlags,
  serviceOptions,
} from "../../service/flags.ts";
import { noteKept } from "../../service/kept.ts";
import { noteNextSteps, printService } from "../../service/result.ts";

interface CreateFlags extends ServiceFlags {
  readonly serviceType?: string;
  readonly tag: readonly string[];
  readonly serviceToForkFrom?: string;
  readonly backup?: string;
  readonly failIfExists: boolean;
}

const examples = `
Prints the Service URI, password included; what is under way goes to stderr.

Examples:
  redoubt service create my-redis
  redoubt service create my-redis -t redis:business-4 -c redis_maxmemory_policy=allkeys-lru
  redoubt service create my-copy --service-to-fork-from my-redis`;

/** Adds `redoubt service create`. */
export function addServiceCreate(service: Command, invocation: Invocation): void {
  const command = service
    .command("create <name>")
    .description("Create a service, and print the URI to connect to.")
    .option("-t, --service-type <type>", "redis or valkey, with the plan: redis:startup-4 (default: redis)")
    .option("--tag <key=value>", "a tag, as often as wanted", repeated, [])
    .option("--service-to-fork-from <name>", "begin with the data of that service")
    .option("--backup <name>", "with --service-to-fork-from: that backup, not the newest")
    .option("--no-fail-if-exists", "take one of that name as it is");
  addServiceFlags(command)
    .addHelpText("after", examples)
    .action(async (name: string, flags: CreateFlags) => {
      invocation.exitCode = await create(name, flags, invocation);
    });
}

async function create(name: string, flags: CreateFlags, invocation: Invocation): Promise<ExitCode> {
  const face = await loadServices();
  const services = await openHome(invocation);
  const { serviceToForkFrom: forkFrom, backup } = flags;
  const [parent] = forkFrom === undefined ? [] : await services.list([forkFrom]);
  // A fork is of the type of the service that it is made of: options are read as that type has them.
  const { type } = face.typeAndPlan(flags.serviceType ?? parent?.type, flags.plan);
  const { userConfig } = apart(face.readChanges(type, flags.c, []));
  noteKept(type, userConfig, face, invocation);
  const made = await services.create(
    name,
    {
      ...serviceOptions(flags),
      ...(flags.serviceType !== undefined && { type: flags.serviceType }),
      userConfig,
      tags: readTags("--tag", flags.tag),
      orExisting: !flags.failIfExists,
      ...(flags.enableTerminationProtection && { terminationProtection: true }),
      ...(forkFrom !== undefined && { forkFrom }),
      ...(backup !== undefined && { backup }),
    },
    waiting(invocation, flags.timeout),
  );
  printService(made, flags.json, invocation);
  noteNextSteps(made, invocation);
  return exitCodes.ok;
}
