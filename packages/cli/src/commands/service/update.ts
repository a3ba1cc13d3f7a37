import { RedoubtError } from "@redoubt/client";
import type { Service, Services, UpdateOptions } from "@redoubt/services";
import type { Command } from "commander";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { confirmed } from "../../service/confirm.ts";
import { hideService, loadServices, openHome, waiting } from "../../service/face.ts";
import { addServiceFlags, apart, repeated, type ServiceFlags, serviceOptions } from "../../service/flags.ts";
import { noteKept } from "../../service/kept.ts";
import { notePreview } from "../../service/preview.ts";
import { printService } from "../../service/result.ts";

interface UpdateFlags extends ServiceFlags {
  readonly removeOption: readonly string[];
  readonly powerOn?: true;
  readonly powerOff?: true;
  readonly disableTerminationProtection?: true;
  readonly dryRun?: true;
  readonly force?: true;
}

const examples = `
Shows what is before and after, and prints the Service URI. Plain text wants a confirmation that is
typed, or --force. If somebody else changes the service in between, nothing is changed.

Examples:
  redoubt service update my-redis -c "redis_ssl=false"
  redoubt service update my-redis -c redis_timeout=600 -c ip_filter=127.0.0.1,10.0.0.0/8
  redoubt service update my-redis --remove-option redis_timeout
  redoubt service update my-redis --plan business-4`;

/** Adds `redoubt service update`. */
export function addServiceUpdate(service: Command, invocation: Invocation): void {
  const command = service
    .command("update <name>")
    .description("Change a service: options, plan, route, power.")
    .option("--remove-option <key>", "give an option its default back, as often as wanted", repeated, [])
    .option("--power-on", "start it")
    .option("--power-off", "stop it; data and backups stay")
    .option("--disable-termination-protection", "allow to terminate it")
    .option("--dry-run", "show what would change, and change nothing")
    .option("-f, --force", "without a question");
  addServiceFlags(command)
    .addHelpText("after", examples)
    .action(async (name: string, flags: UpdateFlags) => {
      invocation.exitCode = await update(name, flags, invocation);
    });
}

async function update(name: string, flags: UpdateFlags, invocation: Invocation): Promise<ExitCode> {
  refuseBoth(flags.powerOn, "--power-on", flags.powerOff, "--power-off");
  refuseBoth(
    flags.enableTerminationProtection,
    "--enable-termination-protection",
    flags.disableTerminationProtection,
    "--disable-termination-protection",
  );
  const services = await openHome(invocation);
  const before = hideService(await services.get(name), invocation);
  const { options, empty } = await readUpdate(before, flags, invocation);
  const power = flags.powerOn ?? flags.powerOff;
  if (empty && power === undefined)
    throw new RedoubtError("CONFIG_MISSING", "Nothing to change was given.", {
      hint: 'For example: -c redis_timeout=600; see "redoubt service update --help".',
    });
  const step = empty ? before : await change(services, before, options, flags, invocation);
  if (step === null) return exitCodes.failure;
  if (flags.dryRun) return exitCodes.ok;
  const wait = waiting(invocation, flags.timeout);
  const after = flags.powerOn
    ? await services.powerOn(name, wait)
    : flags.powerOff
      ? await services.powerOff(name, wait)
      : step;
  printService(after, flags.json, invocation);
  return exitCodes.ok;
}

async function readUpdate(before: Service, flags: UpdateFlags, invocation: Invocation) {
  const face = await loadServices();
  const changes = apart(face.readChanges(before.type, flags.c, flags.removeOption));
  noteKept(before.type, changes.userConfig, face, invocation);
  const plan = flags.plan === undefined ? undefined : face.typeAndPlan(before.type, flags.plan).plan.name;
  const protection =
    flags.enableTerminationProtection ?? (flags.disableTerminationProtection ? false : undefined);
  const wanted = {
    ...serviceOptions(flags, before),
    ...(Object.keys(changes.userConfig).length > 0 && { userConfig: changes.userConfig }),
    ...(changes.removeOptions.length > 0 && { removeOptions: changes.removeOptions }),
    ...(plan !== undefined && { plan }),
    ...(protection !== undefined && { terminationProtection: protection }),
  };
  const options: UpdateOptions = { ...wanted, revision: before.revision };
  return { options, empty: Object.keys(wanted).length === 0 };
}

/** Shows, asks where it is dangerous, and changes. `null`: not confirmed. */
async function change(
  services: Services,
  before: Service,
  options: UpdateOptions,
  flags: UpdateFlags,
  invocation: Invocation,
): Promise<Service | null> {
  const preview = await services.preview(before.name, options);
  notePreview(preview, before, invocation);
  if (flags.dryRun) return before;
  const dangerous = preview.from.tls && !preview.to.tls;
  const confirmation = { warnings: preview.warnings, word: before.name, force: flags.force === true };
  if (dangerous && !(await confirmed(confirmation, invocation))) return null;
  return services.update(before.name, options, waiting(invocation, flags.timeout));
}

function refuseBoth(one: unknown, oneName: string, other: unknown, otherName: string): void {
  if (one !== undefined && other !== undefined)
    throw new RedoubtError("CONFIG_AMBIGUOUS", `${oneName} and ${otherName} exclude each other.`);
}
