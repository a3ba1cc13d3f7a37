import { describeTarget, Secret, type Target } from "@redoubt/client";
import { createTunnel } from "@redoubt/tunnel";
import type { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { noteWarnings } from "../notices.ts";
import { keepOpen } from "../open-tunnels.ts";
import { withPassword } from "../password.ts";
import { hideSecrets, readTarget } from "../source.ts";
import { summary } from "../summary.ts";
import { overrideTls, type TlsFlags } from "../tls-flags.ts";

/** Options of `redoubt tunnel --to`. */
export interface TunnelToFlags extends TlsFlags {
  readonly to?: string;
  readonly listen?: string[];
  readonly auth?: "inject" | "entra" | "none";
  readonly exposed?: true;
  readonly connections?: number;
  readonly nodePorts?: number;
  readonly status?: string;
  readonly accessLog?: "json" | "text";
  readonly timeout?: number;
  readonly drain?: number;
  readonly insecure?: true;
  readonly passwordStdin?: true;
}

/** Opens a tunnel and keeps it open until the user or the system ends it. */
export async function tunnelTo(flags: TunnelToFlags, invocation: Invocation): Promise<ExitCode> {
  const { output } = invocation;
  const target = await readTunnelTarget(flags, invocation);
  const password = localPassword(invocation);
  const { listen, auth, exposed, connections, nodePorts, status, accessLog, timeout } = flags;
  const tunnel = await createTunnel({
    to: target,
    ...(listen !== undefined && { listen }),
    ...(auth !== undefined && { auth }),
    ...(exposed && { exposed }),
    ...(connections !== undefined && { sharedLines: connections }),
    ...(nodePorts !== undefined && { nodePorts }),
    ...(status !== undefined && { status }),
    ...(timeout !== undefined && { connectTimeout: timeout }),
    ...(flags.insecure && { tls: { dangerouslySkipVerification: true } }),
    ...(password !== null && { users: { default: password } }),
    ...(accessLog !== undefined && {
      accessLog: { format: accessLog, write: (line: string) => output.line(line) },
    }),
    log: (line) => output.note(output.foreign(line)),
  });
  if (flags.insecure)
    output.note(
      output.paintTalk(
        "warn",
        "--insecure: the certificate is not verified; anybody in between can read all.",
      ),
    );
  output.note(summary(describeTarget(target)));
  noteWarnings(target, output);
  return keepOpen([tunnel], flags.drain, invocation);
}

async function readTunnelTarget(flags: TunnelToFlags, invocation: Invocation): Promise<Target> {
  const words = flags.to === undefined ? [] : [flags.to];
  const target = overrideTls(await readTarget({ words }, invocation), flags);
  const complete = await withPassword(target, flags.passwordStdin === true, invocation);
  hideSecrets(complete, invocation);
  return complete;
}

function localPassword({ environment, output }: Invocation): Secret | null {
  const text = environment["REDOUBT_LOCAL_PASSWORD"];
  if (!text) return null;
  const secret = new Secret(text);
  output.hide(secret);
  output.note("Local programs need the password of REDOUBT_LOCAL_PASSWORD.");
  return secret;
}
