import { RedoubtError, type Target } from "@redoubt/client";
import { type DoctorResult, type DoctorVerdict, doctor, redactNames } from "@redoubt/network";
import type { Command } from "commander";
import { printDoctorResult } from "../doctor-report.ts";
import { writeDoctorReport } from "../doctor-report-file.ts";
import { duration } from "../duration.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { noteWarnings } from "../notices.ts";
import { withPassword } from "../password.ts";
import { hideSecrets, readTarget, sourceHelp } from "../source.ts";
import { overrideTls } from "../tls-flags.ts";
import { milliseconds, wholeNumber } from "../usage.ts";

interface DoctorFlags {
  readonly timeout?: number;
  readonly probeTimeout?: number;
  readonly resolver?: string;
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly passwordStdin?: true;
  readonly seconds?: number;
  readonly idle?: number;
  readonly setGet?: true;
  readonly dependencies?: true;
  readonly thorough?: true;
  readonly report?: string;
  readonly redactNames?: true;
  readonly json?: true;
}

const examples = `
${sourceHelp}

Exit codes: 0 it connects and there is nothing to mend, 3 it connects with findings,
4 unreachable, 5 TLS, 6 authentication, 1 another failure.

Examples:
  redoubt doctor 'rediss://cache.example.com:6380'
  redoubt doctor --resolver 10.0.0.4 'cache.redis.cache.windows.net:6380,ssl=True'
  redoubt doctor --set-get --seconds 10
  redoubt doctor --idle 15m
  redoubt doctor --report report.md --redact-names`;

/** Adds `redoubt doctor`: finds out why a string does not connect, or what is wrong although it does. */
export function addDoctor(program: Command, invocation: Invocation): void {
  program
    .command("doctor [string...]")
    .usage("[options] [connection string]")
    .summary("Find out why it does not connect, and what to do.")
    .description("Find out why it does not connect: the likeliest cause, what was seen, and what to do.")
    .option(
      "--timeout <ms>",
      "for connecting (default: what the string says, else 5000)",
      milliseconds("--timeout"),
    )
    .option("--probe-timeout <ms>", "for each probe (default: 2000)", milliseconds("--probe-timeout"))
    .option("--resolver <addresses>", "ask these DNS servers, too: 10.0.0.4,10.0.0.5:5353")
    .option("--cacert <file>", 'CA certificates to trust, PEM; "system" for the system\'s')
    .option("--cert <file>", "client certificate, PEM")
    .option("--key <file>", "private key of the client certificate, PEM")
    .option("--servername <name>", "the name to verify, where it is not the host")
    .option("--password-stdin", "read the password from stdin")
    .option("--seconds <n>", "measure latency for so long (default: 1; 0: not)", wholeNumber("--seconds"))
    .option(
      "--idle <time>",
      "keep connections silent for up to so long, and see when they are cut: 15m",
      duration("--idle"),
    )
    .option("--set-get", "write a key, read it and delete it")
    .option("--dependencies", "dial what a cache inside a virtual network depends on")
    .option("--thorough", "try ports around and all TLS versions although nothing is wrong")
    .option("--report <file>", "write a report to be shared: Markdown, or JSON where the name ends in .json")
    .option("--redact-names", "replace names and addresses, in the report and in what is printed")
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action(async (words: string[], flags: DoctorFlags) => {
      invocation.exitCode = await examine(words, flags, invocation);
    });
}

async function examine(words: string[], flags: DoctorFlags, invocation: Invocation): Promise<ExitCode> {
  const { output, signal } = invocation;
  const target = await readDoctorTarget(words, flags, invocation);
  if (!flags.json) noteWarnings(target, output);
  const found = await doctor(target, {
    signal,
    ...(flags.timeout !== undefined && { connectTimeout: flags.timeout }),
    ...(flags.probeTimeout !== undefined && { timeout: flags.probeTimeout }),
    ...(flags.resolver !== undefined && { resolvers: resolversIn(flags.resolver) }),
    ...(flags.seconds !== undefined && { latency: flags.seconds * 1000 }),
    ...(flags.idle !== undefined && { idle: flags.idle }),
    setGet: flags.setGet === true,
    dependencies: flags.dependencies === true,
    thorough: flags.thorough === true,
    ...(output.talksToTerminal && {
      onProgress: (what: string) => output.note(output.paintTalk("faint", output.foreign(`${what} …`))),
    }),
  });
  const result = flags.redactNames ? redactNames(found) : found;
  if (flags.report !== undefined) writeDoctorReport(flags.report, result, output);
  if (flags.json) output.json(result);
  else printDoctorResult(result, output);
  return exitCodeOf(result);
}

async function readDoctorTarget(
  words: string[],
  flags: DoctorFlags,
  invocation: Invocation,
): Promise<Target> {
  if (flags.passwordStdin && words[0] === "-")
    throw new RedoubtError(
      "CONFIG_AMBIGUOUS",
      "Stdin cannot hold both the connection string and the password.",
    );
  const { cacert, cert, key, servername } = flags;
  const tlsFlags = {
    ...(cacert && { cacert }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(servername && { servername }),
  };
  const target = overrideTls(await readTarget({ words }, invocation), tlsFlags);
  const complete = await withPassword(target, flags.passwordStdin === true, invocation);
  hideSecrets(complete, invocation);
  return complete;
}

/** @throws RedoubtError `CONFIG_INVALID_VALUE` for what is no address */
function resolversIn(text: string): string[] {
  const addresses = text.split(",").map((one) => one.trim());
  const isAddress = (one: string): boolean =>
    /^(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|\[[\da-f:.]+\](?::\d{1,5})?|[\da-f]*:[\da-f:.]*)$/i.test(one);
  const at = addresses.findIndex((one) => !isAddress(one));
  if (at < 0) return addresses;
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    `--resolver: number ${at + 1} is not the address of a DNS server.`,
    {
      hint: "Give IP addresses, separated by commas: 10.0.0.4,10.0.0.5:5353,[::1]:53.",
    },
  );
}

const codes: Readonly<Record<DoctorVerdict["state"], ExitCode>> = {
  healthy: exitCodes.ok,
  findings: exitCodes.findings,
  unreachable: exitCodes.unreachable,
  tls: exitCodes.tls,
  authentication: exitCodes.authentication,
  failure: exitCodes.failure,
};

function exitCodeOf({ verdict }: DoctorResult): ExitCode {
  return codes[verdict.state];
}
