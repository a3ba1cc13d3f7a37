import { type ChildProcess, spawn } from "node:child_process";

/*
 * Waits for the end of its standard input, which comes when the process that holds the other end is gone, however it
 * went; then ends the server and removes the folder. A line tells the server's process id, an empty one that it has ended, the
 * word "release" that everything was cleaned up already.
 */
const script = `
trap '' INT TERM HUP
# A process that has ended but was not collected yet by init still takes signals; Linux tells it from a running one.
running() { kill -0 "$pid" 2>/dev/null && ! grep -qs '^State:.Z' "/proc/$pid/status"; }
pid=
while read -r word; do
  [ "$word" = release ] && exit 0
  pid=$word
done
if [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null; then
  tries=0
  while running && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL "$pid" 2>/dev/null
fi
rm -rf -- "$1"
`;

/** How long the guard may take to go home (ms). */
const releaseMs = 2_000;

/**
 * A tiny `sh` process that outlives its parent just long enough to clean up after it. Even `kill -9` of the parent leaves
 * neither a server nor a folder behind.
 */
export class Guard {
  readonly #shell: ChildProcess;

  /** @param folder the folder to remove when the parent is gone */
  constructor(folder: string) {
    // Its own process group, so that Ctrl-C in a terminal reaches the parent only.
    this.#shell = spawn("/bin/sh", ["-c", script, "redoubt-guard", folder], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      cwd: "/",
    });
    this.#shell.on("error", () => {});
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
  }

  /** Names the process to end with the parent, in place of the one named before. */
  watch(pid: number): void {
    this.#say(`${pid}`);
  }

  /** The process has ended: its number may soon be somebody else's. */
  forget(): void {
    this.#say("");
  }

  /** Sends the guard home: the server has ended and the folder is gone. Resolves when the guard is gone, too. */
  async release(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#shell;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = new Promise((resolve) => this.#shell.once("exit", resolve));
    const deadline = setTimeout(() => this.#shell.kill("SIGKILL"), releaseMs);
    this.#say("release");
    await gone;
    clearTimeout(deadline);
  }

  #say(line: string): void {
    this.#shell.stdin?.write(`${line}\n`);
  }
}
