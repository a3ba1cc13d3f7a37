import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addCli } from "./commands/cli.ts";
import { addCompletion } from "./commands/completion.ts";
import { addNetwork } from "./commands/network.ts";
import { addPing } from "./commands/ping.ts";
import { addService } from "./commands/service.ts";
import { addTerminate } from "./commands/terminate.ts";
import { addTunnel } from "./commands/tunnel.ts";
import { addUri } from "./commands/uri.ts";
import type { Invocation } from "./invocation.ts";

const examples = `
Examples:
  redoubt ping                                     what REDIS_URL names
  redoubt ping 'cache.example.com:6380,password=…,ssl=True'
  redoubt cli -u 'rediss://cache.example.com'      redis-cli's flags, over verified TLS
  redoubt tunnel --to 'rediss://cache.example.com' TLS and login for programs that have neither
  redoubt uri - --to url < connection-string.txt   convert, password masked
  redoubt uri check 'redis://cache.example.com'    look for weak points
  redoubt tunnel stunnel.conf                      run an existing stunnel.conf
  redoubt service create my-redis                  managed Redis on this machine
  redoubt network check exports/                   judge a virtual network by its exports

Exit codes: 0 ok, 1 failure, 2 usage, 3 findings, 4 unreachable, 5 TLS,
6 authentication, 130 interrupted.`;

/**
 * The command line of `redoubt`. Commander's own messages are not shown, because they quote arguments: it throws a
 * `CommanderError`, also after help and version (then with exit code 0).
 */
export function createProgram(invocation: Invocation): Command {
  const { output } = invocation;
  const program = new Command("redoubt")
    .description("A secure connection to managed Redis: services, tunnels, tests, conversions.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", examples)
    .configureOutput({
      writeOut: (text) => output.exact(text),
      writeErr: (text) => output.note(text),
      outputError: () => {},
    })
    .exitOverride()
    // Options behind a command are that command's own: -h of `cli` is a host.
    .enablePositionalOptions();
  addCli(program, invocation, version());
  addPing(program, invocation);
  addTunnel(program, invocation);
  addUri(program, invocation);
  addTerminate(program, invocation);
  addService(program, invocation, version());
  addCompletion(program, invocation);
  addNetwork(program, invocation);
  return program;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  throw new Error("The package has no version.");
}
