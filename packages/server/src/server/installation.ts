import { join } from "node:path";
import { PrivateFolder } from "./files.ts";
import { Guard } from "./guard.ts";
import { BoundedLog } from "./log.ts";
import type { ServerEnd } from "./options.ts";
import { ServerProcess } from "./process.ts";

const configFile = "redis.conf";

/** What stays the same over all runs of one server. */
export interface InstallationOptions {
  readonly binary: string;
  /** Arguments behind the configuration file. */
  readonly argv: readonly string[];
  readonly readyLine: RegExp;
  readonly startTimeout: number;
  readonly logLines: number;
  /** Texts to mask in the log. */
  readonly secrets: readonly string[];
  /** Takes each line of the log. */
  readonly onLine: ((line: string) => void) | undefined;
}

/** The server program in a private folder of its own, with a guard that outlives this process. Runs once at a time. */
export class Installation {
  readonly folder: PrivateFolder;
  readonly #options: InstallationOptions;
  readonly #guard: Guard;
  #log: BoundedLog;
  #process: ServerProcess | undefined;
  #removal: Promise<void> | undefined;

  private constructor(folder: PrivateFolder, options: InstallationOptions) {
    this.folder = folder;
    this.#options = options;
    this.#guard = new Guard(folder.path);
    this.#log = new BoundedLog(options.logLines);
  }

  static async create(options: InstallationOptions): Promise<Installation> {
    return new Installation(await PrivateFolder.create(), options);
  }

  /** Writes the configuration and runs the server until {@link Installation.stop}; resolves when it is ready. */
  async start(config: string, signal?: AbortSignal): Promise<void> {
    await this.folder.write(configFile, config);
    await this.#run(signal);
  }

  /** Ends the server, if it runs, and runs it again. The configuration stays as it is: servers change it themselves. */
  async restart(): Promise<void> {
    await this.stop();
    await this.#run();
  }

  async #run(signal?: AbortSignal): Promise<void> {
    if (this.#removal) throw new Error("the server was stopped for good");
    const { binary, argv, readyLine, startTimeout, logLines, secrets, onLine } = this.#options;
    this.#log = new BoundedLog(logLines, secrets, onLine);
    this.#process = await ServerProcess.start({
      binary,
      args: [join(this.folder.path, configFile), ...argv],
      folder: this.folder.path,
      log: this.#log,
      readyLine,
      startTimeout,
      signal,
      onSpawn: (pid) => this.#guard.watch(pid),
      onExit: () => this.#guard.forget(),
    });
  }

  /** Ends the running server, if there is one. The folder stays. */
  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = undefined;
  }

  /** Ends the server and removes everything. Calling it again waits for the same removal. */
  remove(): Promise<void> {
    this.#removal ??= (async () => {
      await this.stop();
      await this.folder.remove();
      await this.#guard.release();
    })();
    return this.#removal;
  }

  /** Process id; undefined while nothing runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when the current run has ended; null while nothing runs. */
  get ended(): Promise<ServerEnd> | null {
    return this.#process?.ended ?? null;
  }

  /** What the current run wrote last. */
  get log(): string {
    return this.#log.toString();
  }

  /** Whether the last run ended because somebody else had its port. */
  get portWasTaken(): boolean {
    return /Address already in use/.test(this.log);
  }
}
