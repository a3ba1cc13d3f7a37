import { type ChildProcess, spawn } from "node:child_process";

/** How long it may take to go home, ms. */
const releaseLimit = 2_000;

/**
 * A tiny `sh` process that outlives its parent just long enough to clean up after it, however the parent went: its script reads
 * lines from standard input until that ends. The line `release` is to send it home.
 */
export class GuardShell {
  readonly #shell: ChildProcess;

  /**
   * @param script what it does; it must end at the line `release`, and ignore INT, TERM and HUP
   * @param title its name in lists of processes
   * @param words `$1` and so on
   */
  constructor(script: string, title: string, ...words: readonly string[]) {
    // Its own process group, so that Ctrl-C in a terminal reaches the parent only.
    this.#shell = spawn("/bin/sh", ["-c", script, title, ...words], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      cwd: "/",
    });
    this.#shell.on("error", () => {});
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
  }

  say(line: string): void {
    this.#shell.stdin?.write(`${line}\n`);
  }

  /** Sends it home: nothing is left to do. Resolves when it is gone. */
  async release(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#shell;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = new Promise((resolve) => this.#shell.once("exit", resolve));
    const deadline = setTimeout(() => this.#shell.kill("SIGKILL"), releaseLimit);
    this.say("release");
    await gone;
    clearTimeout(deadline);
  }
}
