import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { Invocation } from "./invocation.ts";

/** Adds a command to the program. */
type Add = (program: Command, invocation: Invocation, version: string) => void;

/**
 * Every command, in the order of the help. Each is loaded where it is asked for: loading all of them takes several times as
 * long as one.
 */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  ping: async () => (await import("./commands/ping.ts")).addPing,
  doctor: async () => (await import("./commands/doctor.ts")).addDoctor,
  tcping: async () => (await import("./commands/tcping.ts")).addTcping,
  uri: async () => (await import("./commands/uri.ts")).addUri,
  cli: async () => (await import("./commands/cli.ts")).addCli,
  tunnel: async () => (await import("./commands/tunnel.ts")).addTunnel,
  terminate: async () => (await import("./commands/terminate.ts")).addTerminate,
  service: async () => (await import("./commands/service.ts")).addService,
  run: async () => (await import("./commands/run.ts")).addRun,
  ps: async () => (await import("./commands/ps.ts")).addPs,
  logs: async () => (await import("./commands/logs.ts")).addLogs,
  resource: async () => (await import("./commands/resource.ts")).addResource,
  publish: async () => (await import("./commands/publish.ts")).addPublish,
  deploy: async () => (await import("./commands/deploy.ts")).addDeploy,
  network: async () => (await import("./commands/network.ts")).addNetwork,
  completion: async () => (await import("./commands/completion.ts")).addCompletion,
};
/** It looks at all the others. */
const needsAll = "completion";

const examples = `
Examples:
  redoubt ping                                     what REDIS_URL names
  redoubt doctor 'cache.example.com:6380,ssl=True' why it does not connect, and what to do
  redoubt cli -u 'rediss://cache.example.com'      redis-cli's flags, over verified TLS
  redoubt uri - --to url < connection-string.txt   convert, password masked
  redoubt tunnel --to 'rediss://cache.example.com' TLS and login for programs that have neither
  redoubt service create my-redis                  managed Redis on this machine
  redoubt run                                      run the app of apphost.ts
  redoubt deploy --dry-run                         what would change in Azure
  redoubt network check exports/                   judge a virtual network by its exports

Exit codes: 0 ok, 1 failure, 2 usage, 3 findings, 4 unreachable, 5 TLS,
6 authentication, 130 interrupted.`;

/**
 * The command line of `redoubt`. Commander's own messages are not shown, because they quote arguments: it throws a
 * `CommanderError`, also after help and version (then with exit code 0).
 * @param word the first argument: where it names a command, the program has no other one
 */
export async function createProgram(invocation: Invocation, word: string | undefined): Promise<Command> {
  const { output } = invocation;
  const its = version();
  const program = new Command("redoubt")
    .description("A secure connection to managed Redis: services, tunnels, tests, conversions.")
    .version(its, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    // What a command takes is told in its own help.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText("after", examples)
    .configureOutput({
      writeOut: (text) => output.exact(text),
      writeErr: (text) => output.note(text),
      outputError: () => {},
    })
    .exitOverride()
    // Options behind a command are that command's own: -h of `cli` is a host.
    .enablePositionalOptions();
  const only = word !== undefined && word !== needsAll && Object.hasOwn(commands, word) ? [word] : null;
  const wanted = (only ?? Object.keys(commands)).flatMap((name) => commands[name] ?? []);
  const loaded = await Promise.all(wanted.map((load) => load()));
  for (const add of loaded) add(program, invocation, its);
  return program;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  throw new Error("The package has no version.");
}
