import { parse } from "@redoubt/client";
import { type NamedService, runShell } from "@redoubt/shell";
import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { askPasswordOf, canAsk } from "../password.ts";
import { openHome } from "../service/face.ts";
import { resolveService } from "../service/resolve.ts";

/** Adds `redoubt cli`: redis-cli's command line, over a verified connection. Its arguments are the shell's own business. */
export function addCli(program: Command, invocation: Invocation, version: string): void {
  program
    .command("cli [words...]")
    .usage("[options] [command [argument ...]]")
    .description("redis-cli's flags, output and prompt, over a verified connection.")
    // -h is the host, as with redis-cli; the shell prints its help itself.
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) => {
      const { stdin, stdout, stderr, environment, signal, output } = invocation;
      const code = await runShell(words, {
        stdin,
        stdout,
        stderr,
        environment,
        signal,
        version,
        hide: (secret) => output.hide(secret),
        resolveService: (name) => findService(name, invocation),
        ...(canAsk(invocation) && { askPassword: (user) => askPasswordOf(user, invocation) }),
      });
      invocation.exitCode = code as ExitCode;
    });
}

/** Tags by which a service is marked as production, and what they then say. */
const productionTags: Readonly<Record<string, RegExp>> = {
  production: /^(true|yes|1|)$/i,
  environment: /^prod(uction)?$/i,
  env: /^prod(uction)?$/i,
  stage: /^prod(uction)?$/i,
};

async function findService(name: string, invocation: Invocation): Promise<NamedService | null> {
  const uri = await resolveService(name, invocation);
  if (uri === undefined) return null;
  const tags = await (await openHome(invocation)).tags(name);
  const production = Object.entries(tags).some(([tag, value]) =>
    productionTags[tag.toLowerCase()]?.test(value),
  );
  return { target: parse(uri), production };
}
