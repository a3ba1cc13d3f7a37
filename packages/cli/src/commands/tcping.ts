import { isIP } from "node:net";
import { parse, RedoubtError, type Target } from "@redoubt/client";
import { tcping } from "@redoubt/network";
import type { Command } from "commander";
import { duration } from "../duration.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { noteWarnings } from "../notices.ts";
import { readTarget, sourceHelp } from "../source.ts";
import { attemptLine, attemptRow, type Tally, tallyLines, tallyRow } from "../tcping-report.ts";
import { overrideTls, type TlsFlags } from "../tls-flags.ts";
import { portNumber, wholeNumber } from "../usage.ts";

interface TcpingFlags extends TlsFlags {
  readonly count?: number;
  readonly interval?: number;
  readonly timeout?: number;
  readonly 4?: true;
  readonly 6?: true;
  readonly allAddresses?: true;
  readonly tls?: true;
  readonly json?: true;
}

const examples = `
${sourceHelp}
A host and a port may be given as two words. Without --count it goes on until Ctrl-C. Nothing is sent but what
opens a connection: no byte of Redis, no password. Exit code 0: every address that was tried has answered; 4: one never
did; 5: with --tls, one answered, and its handshake failed each time.

Examples:
  redoubt tcping cache.example.com 6380
  redoubt tcping --count 10 --interval 200ms 'rediss://cache.example.com:6380'
  redoubt tcping --tls --all-addresses --count 4 'rediss://cache.example.com:6380'`;

/** Adds `redoubt tcping`: opens connections again and again, and says how that went. */
export function addTcping(program: Command, invocation: Invocation): void {
  program
    .command("tcping [string...]")
    .usage("[options] [connection string | host port]")
    .summary("Open TCP connections again and again, with figures.")
    .description("Open TCP connections again and again: how many got through, and how long it took.")
    .option("-c, --count <n>", "how often (default: until Ctrl-C)", wholeNumber("--count"))
    .option("-i, --interval <time>", "from one to the next (default: 1s)", duration("--interval"))
    .option("-t, --timeout <time>", "how long one may take (default: 2s)", duration("--timeout"))
    .option("-4", "only IPv4 addresses")
    .option("-6", "only IPv6 addresses")
    .option("--all-addresses", "try all addresses each time (default: by turns)")
    .option("--tls", "time the TLS handshake, too, and verify the certificate")
    .option("--cacert <file>", 'CA certificates to trust, PEM; "system" for the system\'s')
    .option("--servername <name>", "the name to verify, where it is not the host")
    .option("--json", "print one JSON document per line")
    .addHelpText("after", examples)
    .action(async (words: string[], flags: TcpingFlags) => {
      invocation.exitCode = await run(words, flags, invocation);
    });
}

async function run(words: string[], flags: TcpingFlags, invocation: Invocation): Promise<ExitCode> {
  const { output, signal } = invocation;
  if (flags[4] && flags[6])
    throw new RedoubtError("CONFIG_AMBIGUOUS", "-4 and -6 exclude each other.", {
      hint: "Leave out both to try addresses of both kinds.",
    });
  for (const key of ["count", "timeout"] as const)
    if (flags[key] === 0) throw new RedoubtError("CONFIG_INVALID_VALUE", `--${key} takes more than 0.`);
  const target = withFlags(await readPlace(words, invocation), flags);
  if (!flags.json) noteWarnings(target, output);
  const tallies = new Map<string, Tally>();
  const attempts = tcping(target, {
    signal,
    ...(flags.count !== undefined && { count: flags.count }),
    ...(flags.interval !== undefined && { interval: flags.interval }),
    ...(flags.timeout !== undefined && { timeout: flags.timeout }),
    ...((flags[4] ?? flags[6]) && { family: flags[4] ? 4 : 6 }),
    allAddresses: flags.allAddresses ?? false,
    handshake: flags.tls ?? false,
  });
  for await (const attempt of attempts) {
    const key = `${attempt.address.ip} ${attempt.address.port}`;
    const tally = tallies.get(key) ?? { host: attempt.host, address: attempt.address, attempts: [] };
    tallies.set(key, { ...tally, attempts: [...tally.attempts, attempt] });
    if (flags.json) output.exact(JSON.stringify(attemptRow(attempt)));
    else output.line(attemptLine(attempt, output));
  }
  for (const tally of tallies.values())
    if (flags.json) output.exact(JSON.stringify(tallyRow(tally)));
    else output.line(tallyLines(tally, output));
  if (tallies.size === 0 && signal.aborted) return exitCodes.interrupted;
  return verdict([...tallies.values()]);
}

/** Two words are a host and a port, as the programs of that name take them; else it is a connection string. */
async function readPlace(words: string[], invocation: Invocation): Promise<Target> {
  const [host, port, ...more] = words;
  if (host === undefined || port === undefined || more.length > 0 || host.startsWith("-"))
    return readTarget({ words }, invocation);
  const name = isIP(host) === 6 ? `[${host}]` : host;
  // With TLS, which nothing looks at without --tls: what would be plain text is refused for some hosts.
  return { ...parse(`rediss://${name}:${portNumber("the port")(port)}`), warnings: [] };
}

function withFlags(target: Target, { tls, cacert, servername }: TcpingFlags): Target {
  if (tls && !target.tls.enabled)
    throw new RedoubtError("CONFIG_INSECURE", "--tls: the connection string says plain text, without TLS.", {
      hint: "Write rediss:// or ssl=true where you mean TLS; leave --tls out where you do not.",
    });
  if (!tls && (cacert ?? servername) !== undefined)
    throw new RedoubtError("CONFIG_MISSING", "--cacert and --servername are for --tls.", {
      hint: "Add --tls; without it no certificate is looked at.",
    });
  return overrideTls(target, {
    ...(cacert !== undefined && { cacert }),
    ...(servername !== undefined && { servername }),
  });
}

function verdict(tallies: readonly Tally[]): ExitCode {
  const dead = tallies.filter(({ attempts }) => attempts.every(({ outcome }) => outcome !== "open"));
  if (dead.length === 0) return exitCodes.ok;
  return dead.every(({ attempts }) => attempts.some(({ outcome }) => outcome === "tls"))
    ? exitCodes.tls
    : exitCodes.unreachable;
}
