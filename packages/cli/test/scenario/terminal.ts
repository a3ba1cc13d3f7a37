import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { program } from "./redoubt.ts";

const run = promisify(execFile);

/** Ends what hangs, ms: far beyond what a busy machine needs. */
const patience = 30_000;

/** Whether tmux is here, which lends terminals. */
export const hasTmux = ((): boolean => {
  try {
    execFileSync("tmux", ["-V"]);
    return true;
  } catch {
    return false;
  }
})();

export interface TerminalOptions {
  readonly environment?: Readonly<Record<string, string>>;
}

/** A terminal of 100 columns with one program in it, which somebody sits in front of. */
export class Terminal implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "redoubt-terminal-"));

  /** Starts the built `redoubt` in a terminal; when it has ended, `ended N` is shown. */
  static async open(words: readonly string[], { environment = {} }: TerminalOptions = {}): Promise<Terminal> {
    const terminal = new Terminal();
    const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
    const line = [process.execPath, program, ...words].map(quote).join(" ");
    const shell = `trap : INT; ${line}; echo "ended $?"; exec sleep 600`;
    const home = { HOME: terminal.#folder, TERM: "xterm-256color", PATH: process.env["PATH"] ?? "" };
    const variables = Object.entries({ ...home, ...environment }).map(([name, value]) => `${name}=${value}`);
    await terminal.#tmux(
      "new-session",
      "-d",
      "-x",
      "100",
      "-y",
      "40",
      "env",
      "-i",
      ...variables,
      "sh",
      "-c",
      shell,
    );
    return terminal;
  }

  /** Types letters. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys by tmux's names: `Enter`, `Up`, `C-c`, `Tab`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Types a line. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** What is on the screen, blank ends of lines cut. @param colours with escapes */
  async screen(colours = false): Promise<string> {
    const { stdout } = await this.#tmux("capture-pane", "-p", ...(colours ? ["-e"] : []));
    return stdout.trimEnd();
  }

  /** Waits until the screen looks like this, and gives it. */
  async shows(pattern: RegExp, colours = false): Promise<string> {
    const last = Date.now() + patience;
    for (;;) {
      const screen = await this.screen(colours);
      if (pattern.test(screen)) return screen;
      if (Date.now() > last) throw new Error(`The screen never showed ${pattern}:\n${screen}`);
      await sleep(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tmux(...words: string[]) {
    return run("tmux", ["-S", join(this.#folder, "socket"), "-f", "/dev/null", ...words]);
  }
}
