import { RedoubtError } from "@redoubt/client";
import { createTerminator, type TerminatorOptions } from "@redoubt/tunnel";
import type { Command } from "commander";
import { duration } from "../duration.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { isWorker, receiveOrders, reportTo, TerminatorCrew } from "../terminator-crew.ts";
import { type TerminatorFlags, terminatorOptions } from "../terminator-flags.ts";
import { oneOf } from "../usage.ts";

const examples = `
The connection strings of backends may hold a user and a password: they are used
for health checks, and nothing else; clients log in themselves. Without --to and
--route the environment is read (REDIS_URL, …).

SIGHUP reads the certificates again (changed files are noticed anyway). SIGTERM
and SIGINT stop: no new connections, open ones may finish; the second SIGINT ends
it at once.

Examples:
  redoubt terminate --cert server.pem --to redis://127.0.0.1:6379
  redoubt terminate --listen '*:6380' --exposed --cert server.crt --key server.key \\
      --client-ca clients.crt --allow 'app-*' --status 9121 --log json
  redoubt terminate --cert a.pem --cert b.pem \\
      --route 'a.example=redis://10.0.0.4' --route 'b.example=redis://10.0.0.5'`;

const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/** Adds `redoubt terminate`: ends TLS in front of a Redis. */
export function addTerminate(program: Command, invocation: Invocation): void {
  const repeated = (text: string, before: readonly string[]): readonly string[] => [...before, text];
  program
    .command("terminate")
    .summary("End TLS in front of a Redis.")
    .description("End TLS in front of a Redis: certificates, access, limits, health checks, metrics.")
    .option("--listen <address>", "port, host:port, [IPv6]:port or unix:/path", "127.0.0.1:6380")
    .option("--exposed", "let other machines connect")
    .option("--cert <file>", "certificate with its chain, PEM; may be repeated", repeated, [])
    .option("--key <file>", "its key, PEM (default: in the same file); may be repeated", repeated, [])
    .option("--strict-names", "refuse clients that ask for a name that no certificate carries")
    .option("--client-ca <file>", "CA of client certificates, PEM; they are then required")
    .option(
      "--client-certs <word>",
      "required or optional",
      oneOf("--client-certs", ["required", "optional"]),
    )
    .option("--client-crl <file>", "client certificates that were revoked, PEM")
    .option("--allow <name>", "certificate that is let in, * for any part; may be repeated", repeated, [])
    .option("--min-version <version>", "oldest TLS version (default: TLSv1.2)", version("--min-version"))
    .option("--max-version <version>", "newest TLS version", version("--max-version"))
    .option("--ciphers <list>", "OpenSSL cipher list")
    .option("--to <string>", "Redis behind it; may be repeated: the first that is up is used", repeated, [])
    .option(
      "--route <names=string>",
      "Redis for clients that ask for a name (SNI); may be repeated",
      repeated,
      [],
    )
    .option("--insecure", "dangerous: accept any certificate of a backend")
    .option(
      "--idle <time>",
      'longest silence, 0 for any, or "follow" the server\'s timeout (default: 12h)',
      idle,
    )
    .option("--spare-subscribers", "do not cut silent subscribers and MONITOR")
    .option("--connect-timeout <time>", "for reaching a backend (default: 5s)", duration("--connect-timeout"))
    .option(
      "--handshake-limit <time>",
      "for handshakes of clients (default: 10s)",
      duration("--handshake-limit"),
    )
    .option("--max-connections <n>", "open at a time (default: 10000)", whole("--max-connections"))
    .option("--max-per-address <n>", "open at a time from one address", whole("--max-per-address"))
    .option("--rate <n[/burst]>", "new connections a second", rate)
    .option("--proxy-from <range>", "believe PROXY headers from there; may be repeated", repeated, [])
    .option("--send-proxy <version>", "send a PROXY header, v1 or v2", proxyVersion)
    .option("--advice <host:port>", "where plain clients are told to connect (default: where they did)")
    .option("--no-health", "do not check backends")
    .option("--health-interval <time>", "between two checks (default: 2s)", duration("--health-interval"))
    .option(
      "--health-role <role>",
      "master: a replica is down (default: any)",
      oneOf("--health-role", ["master", "any"]),
    )
    .option("--drain <time>", "for open connections when it stops (default: 30s)", duration("--drain"))
    .option(
      "--workers <n>",
      "processes that share the port, for several CPUs (default: 1)",
      whole("--workers"),
    )
    .option("--status <address>", "answer /live, /ready and /metrics there")
    .option("--status-exposed", "let other machines ask")
    .option(
      "--log <format>",
      "access log on stdout: text, json or off",
      oneOf("--log", ["text", "json", "off"]),
      "text",
    )
    .addHelpText("after", examples)
    .action(async (flags: TerminatorFlags) => {
      invocation.exitCode = await terminate(flags, invocation);
    });
}

async function terminate(flags: TerminatorFlags, invocation: Invocation): Promise<ExitCode> {
  if (isWorker) return serve(flags, invocation, await receiveOrders());
  if ((flags.workers ?? 1) > 1) return lead(flags, invocation);
  return serve(flags, invocation, null);
}

/** Serves clients in this process: the only one, or one of several. */
async function serve(
  flags: TerminatorFlags,
  invocation: Invocation,
  orders: Awaited<ReturnType<typeof receiveOrders>> | null,
): Promise<ExitCode> {
  const { output } = invocation;
  const options = await terminatorOptions(flags, invocation);
  const terminator = await createTerminator(
    orders === null ? options : shareOf(options, flags.workers ?? 1, orders),
  );
  if (orders === null) {
    sayWhere(terminator.address, terminator.statusAddress, invocation);
    for (const trouble of terminator.troubles) output.note(output.foreign(trouble));
  } else reportTo(terminator);
  const hangUp = (): void => void terminator.reload();
  process.on("SIGHUP", hangUp);
  await untilStopped(invocation);
  if (orders === null) output.note(`Stopping: ${connections(terminator.connections)} open.`);
  const { finished, closed } = await terminator.stop();
  process.off("SIGHUP", hangUp);
  if (orders === null) output.note(`Stopped: ${connections(finished)} finished, ${closed} closed.`);
  else process.disconnect();
  return exitCodes.ok;
}

/** Watches over several processes that serve one port. */
async function lead(flags: TerminatorFlags, invocation: Invocation): Promise<ExitCode> {
  const { output } = invocation;
  if (flags.to.includes("-"))
    throw new RedoubtError(
      "CONFIG_AMBIGUOUS",
      "--to -: stdin can be read by one process only, and there are several.",
    );
  const crew = new TerminatorCrew(flags.workers ?? 1, invocation);
  const address = await crew.start();
  if (typeof address === "number") return exitCodeOf(address);
  const status =
    flags.status === undefined ? null : await crew.openStatus(flags.status, flags.statusExposed === true);
  sayWhere(address, status?.text ?? null, invocation);
  const hangUp = (): void => crew.reload();
  process.on("SIGHUP", hangUp);
  await untilStopped(invocation);
  output.note(`Stopping: ${connections(await crew.connections())} open.`);
  await crew.stop();
  process.off("SIGHUP", hangUp);
  status?.close();
  output.note("Stopped.");
  return exitCodes.ok;
}

/** What one of several processes does: its share of the limits, and no status of its own. The first one talks for all. */
function shareOf(
  { status: _, limits = {}, say, tls, ...options }: TerminatorOptions,
  workers: number,
  { place, ticketKeys }: Awaited<ReturnType<typeof receiveOrders>>,
): TerminatorOptions {
  const { connections: all = 10_000, connectionsPerAddress: each, rate: pace } = limits;
  return {
    ...options,
    tls: { ...tls, ticketKeys: Buffer.from(ticketKeys, "base64") },
    limits: {
      connections: Math.ceil(all / workers),
      ...(each !== undefined && { connectionsPerAddress: Math.ceil(each / workers) }),
      ...(pace !== undefined && {
        rate: {
          perSecond: pace.perSecond / workers,
          ...(pace.burst !== undefined && { burst: Math.ceil(pace.burst / workers) }),
        },
      }),
    },
    ...(place === 0 && say !== undefined && { say }),
  };
}

function exitCodeOf(code: number): ExitCode {
  return Object.values(exitCodes).find((known) => known === code && code !== 0) ?? exitCodes.failure;
}

function sayWhere(address: string, status: string | null, { output }: Invocation): void {
  output.note(`Clients connect to rediss://${address}.`);
  if (status !== null) output.note(`Status: http://${status}/live, /ready, /metrics.`);
}

function untilStopped({ signal }: Invocation): Promise<void> {
  return new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    signal.addEventListener("abort", () => resolve());
    if (signal.aborted) resolve();
  });
}

function connections(count: number): string {
  return `${count} connection${count === 1 ? "" : "s"}`;
}

function version(flag: string): (text: string) => (typeof versions)[number] {
  return (text) => {
    const found = versions.find((known) => known.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    throw new RedoubtError("CONFIG_INVALID_VALUE", `${flag} takes one of: ${versions.join(", ")}.`);
  };
}

function idle(text: string): number | "follow" {
  return text === "follow" ? text : duration("--idle")(text);
}

function whole(flag: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
    throw new RedoubtError("CONFIG_INVALID_VALUE", `${flag} takes a whole number, at least 1.`);
  };
}

function rate(text: string): { readonly perSecond: number; readonly burst?: number } {
  const [, perSecond, burst] = /^([1-9]\d{0,5})(?:\/([1-9]\d{0,5}))?$/.exec(text) ?? [];
  if (perSecond === undefined)
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      "--rate takes connections a second, or RATE/BURST: 100/500.",
    );
  return { perSecond: Number(perSecond), ...(burst !== undefined && { burst: Number(burst) }) };
}

function proxyVersion(text: string): 1 | 2 {
  return oneOf("--send-proxy", ["v1", "v2"])(text) === "v1" ? 1 : 2;
}
