import { type ChildProcess, spawn } from "node:child_process";

/*
 * Reads its standard input until it ends, which it does when the process that holds the other end is gone, however it went; then
 * ends every process group that was told and not taken back: "+PID", "-PID"; and removes containers: "+c NAME ENGINE", "-c NAME",
 * where ENGINE is the program to do it with. The word "release" sends it home.
 */
const script = `
trap '' INT TERM HUP
engine=
groups=" "
containers=" "
while read -r word id program; do
  case $word in
    release) exit 0 ;;
    +c) containers="$containers$id "; engine=$program ;;
    -c) containers="\${containers%% $id *} \${containers#* $id }" ;;
    +*) groups="$groups\${word#+} " ;;
    -*) groups="\${groups%% \${word#-} *} \${groups#* \${word#-} }" ;;
  esac
done
alive() { for pid in $groups; do kill -s 0 -- "-$pid" 2>/dev/null && return 0; done; return 1; }
for pid in $groups; do kill -s TERM -- "-$pid" 2>/dev/null; done
[ "$containers" != " " ] && [ -n "$engine" ] && "$engine" rm -f $containers >/dev/null 2>&1
tries=0
while alive && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
for pid in $groups; do kill -s KILL -- "-$pid" 2>/dev/null; done
`;

/** How long it may take to go home, ms. */
const releaseLimit = 2_000;

/** A tiny `sh` process that outlives its parent just long enough to end what the parent has started. */
export class Guard {
  readonly #shell: ChildProcess;

  constructor() {
    // Its own process group, so that Ctrl-C in a terminal reaches the parent only.
    this.#shell = spawn("/bin/sh", ["-c", script, "redoubt-app-guard"], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      cwd: "/",
    });
    this.#shell.on("error", () => {});
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
  }

  /** A process group that is to end with the parent. @returns what takes it back: the group has ended */
  watch(pid: number): () => void {
    this.#say(`+${pid}`);
    return () => this.#say(`-${pid}`);
  }

  /** A container that is to be removed with the parent. @param engine its program @returns what takes it back */
  watchContainer(name: string, engine: string): () => void {
    this.#say(`+c ${name} ${engine}`);
    return () => this.#say(`-c ${name}`);
  }

  /** Sends it home: nothing is left to end. Resolves when it is gone. */
  async release(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#shell;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = new Promise((resolve) => this.#shell.once("exit", resolve));
    const deadline = setTimeout(() => this.#shell.kill("SIGKILL"), releaseLimit);
    this.#say("release");
    await gone;
    clearTimeout(deadline);
  }

  #say(line: string): void {
    this.#shell.stdin?.write(`${line}\n`);
  }
}
