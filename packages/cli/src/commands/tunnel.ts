import { RedoubtError } from "@redoubt/client";
import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";
import { milliseconds, oneOf, portNumber, wholeNumber } from "../usage.ts";
import { addTunnelCheck } from "./tunnel-check.ts";
import { tunnelConfig } from "./tunnel-config.ts";
import { runTunnelFile, type TunnelFileFlags } from "./tunnel-file.ts";
import { type TunnelToFlags, tunnelTo } from "./tunnel-to.ts";
import { addTunnelUnit } from "./tunnel-unit.ts";

const examples = `
The connection string of --to may be "-" for stdin; without --to, the environment is read
(REDIS_URL, …). A local password comes from REDOUBT_LOCAL_PASSWORD.

Examples:
  redoubt tunnel --to 'rediss://cache.example.com:6380'
  redoubt tunnel --to - --listen unix:/run/redis.sock < connection-string.txt
  redoubt tunnel --to 'cache.redis.azure.net:10000,ssl=True' --auth entra
  redis-cli -p 6379 ping
  redoubt tunnel --config tunnel.yaml  what a file says; see the guide
  redoubt tunnel stunnel.conf          run an existing stunnel.conf
  redoubt tunnel check stunnel.conf    what it does and does not verify

It runs until Ctrl-C or SIGTERM; what is under way is answered before it ends. With a
stunnel.conf, HUP reads the file again, USR1 opens its log anew, USR2 lists connections.`;

/** Adds `redoubt tunnel`: TLS and login for programs that have neither. */
export function addTunnel(program: Command, invocation: Invocation): void {
  const tunnel = program
    .command("tunnel [file]")
    .usage("[options] [stunnel.conf]")
    .summary("TLS and login for local programs that have neither.")
    .description("Lead local programs that speak neither TLS nor tokens to a Redis that wants both.")
    .option("--to <string>", "where to: a connection string in any dialect")
    .option("--config <file>", "tunnels of a YAML or JSON file, in place of all other options")
    .option("--listen <address...>", "where local programs connect (default: 127.0.0.1:6379)")
    .option(
      "--auth <how>",
      "who logs in there: inject (the string's user), entra (Microsoft Entra ID), none (programs themselves)",
      oneOf("--auth", ["inject", "entra", "none"]),
    )
    .option("--exposed", "let other machines connect, where --listen is not loopback")
    .option(
      "--connections <n>",
      "TLS connections that are shared (default: 2; 0: one for each)",
      wholeNumber("--connections"),
    )
    .option(
      "--node-ports <port>",
      "ports for the nodes of a cluster, from this one up (default: free ones)",
      portNumber("--node-ports"),
    )
    .option("--status <address>", "serve /live, /ready and /metrics there")
    .option(
      "--access-log <format>",
      "a line for each connection that is over: json, text",
      oneOf("--access-log", ["json", "text"]),
    )
    .option(
      "--timeout <ms>",
      "for connecting there (default: what the string says, else 5000)",
      milliseconds("--timeout"),
    )
    .option(
      "--drain <ms>",
      "how long what is under way may take at the end (default: 10000; with a file: 0)",
      milliseconds("--drain"),
    )
    .option(
      "--workers <n>",
      "with a file: processes that share the work (default: one for each core, at most 4)",
      wholeNumber("--workers"),
    )
    .option("--cacert <file>", 'CA certificates to trust, PEM; "system" for the system\'s')
    .option("--cert <file>", "client certificate, PEM")
    .option("--key <file>", "private key of the client certificate, PEM")
    .option("--servername <name>", "the name to verify, where it is not the host")
    .option("--insecure", "dangerous: accept any certificate")
    .option("--password-stdin", "read the password from stdin")
    .addHelpText("after", examples)
    .action(
      async (
        file: string | undefined,
        flags: TunnelToFlags & TunnelFileFlags & { readonly config?: string },
      ) => {
        const { config, ...others } = flags;
        if (config !== undefined) {
          const given = [...Object.keys(others), ...(file === undefined ? [] : ["file"])];
          invocation.exitCode = await tunnelConfig(config, given, invocation);
          return;
        }
        if (file !== undefined) {
          invocation.exitCode = await runTunnelFile(file, flags, invocation);
          return;
        }
        if (flags.passwordStdin && flags.to === "-")
          throw new RedoubtError(
            "CONFIG_AMBIGUOUS",
            "Stdin cannot hold both the connection string and the password.",
          );
        invocation.exitCode = await tunnelTo(flags, invocation);
      },
    );
  addTunnelCheck(tunnel, invocation);
  addTunnelUnit(tunnel, invocation);
}
