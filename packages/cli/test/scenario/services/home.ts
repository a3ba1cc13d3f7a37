import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Run, type RunOptions, redoubt } from "../redoubt.ts";

/** A machine without services: a folder of state of its own, which takes all that was made with it when it goes. */
export class Home implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Home> {
    return new Home(await mkdtemp(join(tmpdir(), "redoubt-services-")));
  }

  get environment(): Record<string, string> {
    return { REDOUBT_HOME: join(this.folder, "home"), HOME: this.folder };
  }

  /** Runs `redoubt service …`. */
  service(words: readonly string[], { environment, ...options }: RunOptions = {}): Promise<Run> {
    return this.redoubt(["service", ...words], { environment: { ...environment }, ...options });
  }

  /** Runs `redoubt …` on this machine. */
  redoubt(words: readonly string[], { environment, ...options }: RunOptions = {}): Promise<Run> {
    return redoubt(words, {
      deadline: 110_000,
      ...options,
      environment: { ...this.environment, ...environment },
    });
  }

  /** Runs `redoubt service …`, which must succeed; what it printed, trimmed. */
  async said(words: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.service(words, options);
    if (code !== 0) throw new Error(`redoubt service ${words[0]}: exit code ${code}\n${stderr}`);
    return stdout.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { stdout } = await this.redoubt(["completion", "services"]);
    const names = stdout.split("\n").filter((name) => name !== "");
    for (const name of names) {
      await this.service(["update", name, "--disable-termination-protection"]);
      await this.service(["terminate", name, "--force"]);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
