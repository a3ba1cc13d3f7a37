import { explain, type RedoubtError } from "@redoubt/client";
import type { Tunnel } from "@redoubt/tunnel";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { tellFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";

/**
 * Says where tunnels listen and whether their other sides answer, and keeps them open until the user or the system ends them.
 * @param drain how long what is under way may take at the end, ms
 */
export async function keepOpen(
  tunnels: readonly Tunnel[],
  drain: number | undefined,
  invocation: Invocation,
): Promise<ExitCode> {
  const { output } = invocation;
  const close = (timeout: number | undefined): Promise<unknown> =>
    Promise.all(tunnels.map((tunnel) => tunnel.close(timeout === undefined ? {} : { timeout })));
  try {
    for (const tunnel of tunnels) {
      for (const address of tunnel.addresses) output.line(address);
      if (tunnel.status !== null) output.note(`Status: http://${tunnel.status}/ready`);
      void tellWhetherItWorks(tunnel, invocation);
    }
    const exitCode = await ended(invocation);
    const open = tunnels.reduce((sum, { connections }) => sum + connections, 0);
    output.note(`Stopping: ${open} connections end what they are at.`);
    await close(drain);
    return exitCode;
  } finally {
    await close(0);
  }
}

/** The tunnel stays open whatever comes of it: what is not reachable now may be so later. */
async function tellWhetherItWorks(tunnel: Tunnel, { output, signal }: Invocation): Promise<void> {
  try {
    await tunnel.check();
    output.note("The other side answers.");
  } catch (error) {
    if (signal.aborted || (error as RedoubtError).code === "CLOSED_ABORTED") return;
    tellFailure(error, output);
    output.note(`Local programs are told so until it works. ${explain(error).fix}`);
  }
}

/** Waits for Ctrl-C or SIGTERM. */
function ended({ signal, onSignal }: Invocation): Promise<ExitCode> {
  return new Promise((resolve) => {
    onSignal("SIGTERM", () => resolve(exitCodes.ok));
    if (signal.aborted) resolve(exitCodes.interrupted);
    else signal.addEventListener("abort", () => resolve(exitCodes.interrupted));
  });
}
