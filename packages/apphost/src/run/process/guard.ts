import { GuardShell } from "@redoubt/server/launch";

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

/** A tiny `sh` process that outlives its parent just long enough to end what the parent has started. */
export class Guard {
  readonly #shell = new GuardShell(script, "redoubt-app-guard");

  /** A process group that is to end with the parent. @returns what takes it back: the group has ended */
  watch(pid: number): () => void {
    this.#shell.say(`+${pid}`);
    return () => this.#shell.say(`-${pid}`);
  }

  /** A container that is to be removed with the parent. @param engine its program @returns what takes it back */
  watchContainer(name: string, engine: string): () => void {
    this.#shell.say(`+c ${name} ${engine}`);
    return () => this.#shell.say(`-c ${name}`);
  }

  /** Sends it home: nothing is left to end. Resolves when it is gone. */
  release(): Promise<void> {
    return this.#shell.release();
  }
}
