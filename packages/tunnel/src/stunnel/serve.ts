import { availableParallelism } from "node:os";
import { Crew } from "./crew.ts";
import { Log } from "./log.ts";
import { removePid, writePid } from "./pid-file.ts";
import { resolve } from "./resolve.ts";
import type { ProcessSettings } from "./service.ts";
import { parseSource } from "./source.ts";
import { Stunnel } from "./stunnel.ts";
import { becomeUser } from "./user.ts";

/** How a process is run that is nothing but a tunnel. */
export interface ServeOptions {
  /** Ends it, as `SIGTERM` does. */
  readonly signal?: AbortSignal;
  /** How long open connections may go on at the end, ms. Default 0: stunnel cuts them, too. */
  readonly drain?: number;
  /** Processes that share the work. 1: this one does it alone. Default: one for each core, at most 4. */
  readonly workers?: number;
  /** Told when all listeners are open. */
  readonly ready?: () => void;
}

/** What is done with the process that does, or has done, the work. */
interface Work {
  reload(): Promise<unknown>;
  reopenLog(): void | Promise<void>;
  connections(): string[] | Promise<string[]>;
  becomeUser(): void | Promise<void>;
  stop(drain: number): Promise<void>;
}

const mostWorkers = 4;

/**
 * Whether a file is to be run in the background: `foreground = no`, which is the default.
 * @throws RedoubtError `CONFIG_*`: the first problem of the file
 */
export function wantsBackground(file: string): boolean {
  return settingsOf(file).foreground === "no";
}

/**
 * Runs a `stunnel.conf` as the purpose of this process: writes the file of `pid`, becomes the user of `setuid`, and heeds
 * signals: `HUP` reloads, `USR1` opens the log anew, `USR2` lists connections, `TERM` ends. Returns at the end.
 * @throws RedoubtError what `Stunnel.start` throws, and `CONFIG_FILE` for `pid` and `setuid`
 */
export async function serveStunnel(file: string, options: ServeOptions = {}): Promise<void> {
  const settings = settingsOf(file);
  const log = new Log(null);
  log.configure(settings);
  const ui = log.for("ui", settings.debug);
  const count = options.workers ?? Math.min(availableParallelism(), mostWorkers);
  const { pidFile } = settings;
  let work: Work | null = null;
  let begun: (work: Work | null) => void = () => {};
  // A signal that comes while it begins is heeded when it has begun.
  const working = new Promise<Work | null>((resolve) => (begun = resolve));
  // From the beginning: without a listener, these signals end a process, and what it has opened is left behind.
  const forget = heed(working, log, settings);
  const end = new AbortController();
  const ended = asked(end.signal, options.signal);
  try {
    work =
      count > 1 ? await Crew.start(file, count, ui) : alone(await Stunnel.start({ file }, { append: true }));
    if (pidFile !== null) writePid(pidFile);
    await work.becomeUser();
    if (count > 1) becomeUser(settings);
  } catch (error) {
    begun(null);
    await work?.stop(0);
    end.abort();
    forget();
    log.close();
    throw error;
  }
  ui(5, "Accepting new connections");
  begun(work);
  options.ready?.();
  await ended;
  await work.stop(options.drain ?? 0);
  forget();
  if (pidFile !== null) removePid(pidFile);
  ui(5, "Terminated");
  log.close();
}

function settingsOf(file: string): ProcessSettings {
  const { configuration, problems } = resolve(parseSource({ file }));
  const [first] = problems;
  if (first !== undefined) throw first;
  return configuration.process;
}

function alone(tunnel: Stunnel): Work {
  return {
    reload: () => tunnel.reload(),
    reopenLog: () => tunnel.reopenLog(),
    connections: () => tunnel.connections,
    becomeUser: () => becomeUser(tunnel.process),
    stop: (drain) => tunnel.stop(drain),
  };
}

/** Heeds signals until it is told to stop. One reload after the other. */
function heed(working: Promise<Work | null>, log: Log, { debug }: ProcessSettings): () => void {
  let reloading: Promise<unknown> = Promise.resolve();
  const list = async (): Promise<void> => {
    const lines = (await (await working)?.connections()) ?? [];
    const ui = log.for("ui", 7);
    for (const line of ["Active connections:", ...lines, `Listed ${lines.length} active connection(s)`])
      ui(0, line);
  };
  const reopen = async (): Promise<void> => {
    log.reopen();
    await (await working)?.reopenLog();
    log.for("ui", debug)(5, "Log file reopened");
  };
  const heeded: [NodeJS.Signals, () => void][] = [
    ["SIGHUP", () => void (reloading = reloading.then(async () => (await working)?.reload()))],
    ["SIGUSR1", () => void reopen()],
    ["SIGUSR2", () => void list()],
  ];
  for (const [signal, act] of heeded) process.on(signal, act);
  return () => {
    for (const [signal, act] of heeded) process.off(signal, act);
  };
}

/** Resolves when the process is to end. */
function asked(...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  const given = signals.filter((signal) => signal !== undefined);
  return new Promise((resolve) => {
    const end = (): void => {
      process.off("SIGTERM", end);
      for (const signal of given) signal.removeEventListener("abort", end);
      resolve();
    };
    process.on("SIGTERM", end);
    for (const signal of given) signal.addEventListener("abort", end);
    if (given.some(({ aborted }) => aborted)) end();
  });
}
