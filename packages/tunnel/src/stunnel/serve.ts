import { unlinkSync, writeFileSync } from "node:fs";
import { RedoubtError } from "@redoubt/client";
import type { ProcessSettings } from "./service.ts";
import type { StunnelSource } from "./source.ts";
import { Stunnel } from "./stunnel.ts";

/** How a process is run that is nothing but a tunnel. */
export interface ServeOptions {
  /** Ends it, as `SIGTERM` does. */
  readonly signal?: AbortSignal;
  /** How long open connections may go on at the end, ms. Default 0: stunnel cuts them, too. */
  readonly drain?: number;
  /** Told when all listeners are open. */
  readonly ready?: () => void;
}

/**
 * Runs a `stunnel.conf` as the purpose of this process: writes the file of `pid`, becomes the user of `setuid`, and heeds
 * signals: `HUP` reloads, `USR1` opens the log anew, `USR2` lists connections, `TERM` ends. Returns at the end.
 * @throws RedoubtError what `Stunnel.start` throws, and `CONFIG_FILE` for `pid` and `setuid`
 */
export async function serveStunnel(source: StunnelSource, options: ServeOptions = {}): Promise<void> {
  const tunnel = await Stunnel.start(source);
  const { pidFile } = tunnel.process;
  try {
    if (pidFile !== null) writePid(pidFile);
    becomeUser(tunnel.process);
  } catch (error) {
    await tunnel.stop();
    throw error;
  }
  options.ready?.();
  const heeded: [NodeJS.Signals, () => void][] = [
    ["SIGHUP", () => void tunnel.reload()],
    ["SIGUSR1", () => tunnel.reopenLog()],
    ["SIGUSR2", () => tunnel.listConnections()],
  ];
  for (const [signal, act] of heeded) process.on(signal, act);
  await asked(options.signal);
  await tunnel.stop(options.drain ?? 0);
  for (const [signal, act] of heeded) process.off(signal, act);
  if (pidFile !== null) removePid(pidFile);
}

/** Resolves when the process is to end. */
function asked(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      process.off("SIGTERM", end);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    process.on("SIGTERM", end);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}

function writePid(file: string): void {
  try {
    writeFileSync(file, `${process.pid}\n`, { mode: 0o644 });
  } catch (cause) {
    throw new RedoubtError("CONFIG_FILE", `Cannot create pid file ${file}`, {
      cause,
      hint: "Name a file in a directory that this user may write, or write pid = and nothing behind it.",
    });
  }
}

function removePid(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // After setuid the directory may be closed to us; the number in the file is then that of nobody.
  }
}

/** Groups first: afterwards nothing is left that may change them. */
function becomeUser({ uid, gid }: ProcessSettings): void {
  if (uid === null && gid === null) return;
  try {
    if (process.getuid?.() === 0) process.setgroups?.(gid === null ? [] : [gid]);
    if (gid !== null) process.setgid?.(gid);
    if (uid !== null) process.setuid?.(uid);
  } catch (cause) {
    throw new RedoubtError("CONFIG_FILE", "setuid or setgid: this user may not become another", {
      cause,
      hint: "Start the tunnel as root, or remove setuid and setgid and start it as that user.",
    });
  }
}
