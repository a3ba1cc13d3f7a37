import {
  type DialOptions,
  type DialReport,
  describeTarget,
  dial,
  RedoubtError,
  type ServerReport,
  type Stage,
  type Target,
  type TargetDescription,
  type TlsReport,
} from "@redoubt/client";
import type { Command } from "commander";
import { type ExitCode, exitCodeFor, exitCodes } from "../exit-codes.ts";
import { type ConnectionFailureDescription, describeConnectionFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { noteWarnings } from "../notices.ts";
import { askPassword, canAsk, withPassword } from "../password.ts";
import { reportText, stageLine } from "../report.ts";
import { hideSecrets, readTarget, sourceHelp } from "../source.ts";
import { summary } from "../summary.ts";
import { overrideTls, type TlsFlags } from "../tls-flags.ts";
import { milliseconds } from "../usage.ts";

interface PingFlags extends TlsFlags {
  readonly timeout?: number;
  readonly insecure?: true;
  readonly passwordStdin?: true;
  readonly json?: true;
}

/** What `redoubt ping --json` prints. */
interface PingResult {
  ok: boolean;
  target: TargetDescription | null;
  stages: Stage[];
  server: (ServerReport & { readonly resp: 2 | 3 }) | null;
  tls: TlsReport | null;
  error: ConnectionFailureDescription | null;
}

const examples = `
${sourceHelp}

Examples:
  redoubt ping 'rediss://cache.example.com:6380'
  redoubt ping --cacert ca.pem --password-stdin rediss://10.0.0.4:6380 < password.txt
  redoubt ping --json - < connection-string.txt
  redoubt ping -- -h cache.example.com -p 6380 --tls

A password that is not in the string comes from REDOUBT_PASSWORD or REDISCLI_AUTH,
or is asked for on a terminal.`;

/** Adds `redoubt ping`: connects as a client would, and shows every stage. */
export function addPing(program: Command, invocation: Invocation): void {
  program
    .command("ping [string...]")
    .usage("[options] [connection string]")
    .summary("Connect, and show every stage and how long it took.")
    .description("Connect, and show every stage: what was found and how long it took.")
    .option(
      "--timeout <ms>",
      "for all stages together (default: what the string says, else 5000)",
      milliseconds("--timeout"),
    )
    .option("--cacert <file>", 'CA certificates to trust, PEM; "system" for the system\'s')
    .option("--cert <file>", "client certificate, PEM")
    .option("--key <file>", "private key of the client certificate, PEM")
    .option("--servername <name>", "the name to verify, where it is not the host")
    .option("--insecure", "dangerous: accept any certificate")
    .option("--password-stdin", "read the password from stdin")
    .option("--json", "print one JSON document")
    .addHelpText("after", examples)
    .action(async (words: string[], flags: PingFlags) => {
      invocation.exitCode = await ping(words, flags, invocation);
    });
}

async function ping(words: string[], flags: PingFlags, invocation: Invocation): Promise<ExitCode> {
  const { output } = invocation;
  const result: PingResult = { ok: false, target: null, stages: [], server: null, tls: null, error: null };
  try {
    const target = await readPingTarget(words, flags, invocation);
    result.target = describeTarget(target);
    if (!flags.json) {
      output.line(`${summary(result.target)}\n`);
      noteWarnings(target, output);
    }
    const report = await dialAsking(target, flags, invocation, (stage) => {
      result.stages.push(stage);
      if (!flags.json) output.line(stageLine(stage, output));
    });
    Object.assign(result, { ok: true, tls: report.tls, server: { ...report.server, resp: report.protocol } });
    if (!flags.json) output.line(reportText(report, output));
  } catch (error) {
    const exitCode = exitCodeFor(error);
    if (!flags.json || exitCode === exitCodes.interrupted) throw error;
    result.error = describeConnectionFailure(error);
    output.json(result);
    return exitCode;
  }
  if (flags.json) output.json(result);
  return exitCodes.ok;
}

async function readPingTarget(words: string[], flags: PingFlags, invocation: Invocation): Promise<Target> {
  if (flags.passwordStdin && words[0] === "-")
    throw new RedoubtError(
      "CONFIG_AMBIGUOUS",
      "Stdin cannot hold both the connection string and the password.",
    );
  const target = overrideTls(await readTarget({ words }, invocation), flags);
  const complete = await withPassword(target, flags.passwordStdin === true, invocation);
  hideSecrets(complete, invocation);
  return complete;
}

/** Dials; where the server wants a password and somebody is there to be asked, asks for it and dials again. */
async function dialAsking(
  target: Target,
  flags: PingFlags,
  invocation: Invocation,
  onStage: (stage: Stage) => void,
): Promise<DialReport> {
  const { output, signal } = invocation;
  const options: DialOptions = {
    signal,
    onStage,
    ...(flags.timeout === undefined ? {} : { connectTimeout: flags.timeout }),
    ...(flags.insecure ? { tls: { dangerouslySkipVerification: true } } : {}),
  };
  if (flags.insecure)
    output.note(
      output.paintTalk(
        "warn",
        "--insecure: the certificate is not verified; anybody in between can read the password.",
      ),
    );
  try {
    return await dialOnce(target, options);
  } catch (error) {
    const wanted =
      error instanceof RedoubtError && error.code === "AUTH_REQUIRED" && target.password === null;
    if (!wanted || flags.json || !canAsk(invocation)) throw error;
    const password = await askPassword(target, invocation);
    output.hide(password);
    return await dialOnce({ ...target, password }, options);
  }
}

async function dialOnce(target: Target, options: DialOptions): Promise<DialReport> {
  const dialled = await dial(target, options);
  dialled.close();
  return dialled.report;
}
