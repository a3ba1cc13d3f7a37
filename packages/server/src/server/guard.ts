import { GuardShell } from "./guard-shell.ts";

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

/**
 * A tiny `sh` process that outlives its parent just long enough to clean up after it. Even `kill -9` of the parent leaves
 * neither a server nor a folder behind.
 */
export class Guard {
  readonly #shell: GuardShell;

  /** @param folder the folder to remove when the parent is gone */
  constructor(folder: string) {
    this.#shell = new GuardShell(script, "redoubt-guard", folder);
  }

  /** Names the process to end with the parent, in place of the one named before. */
  watch(pid: number): void {
    this.#shell.say(`${pid}`);
  }

  /** The process has ended: its number may soon be somebody else's. */
  forget(): void {
    this.#shell.say("");
  }

  /** Sends the guard home: the server has ended and the folder is gone. Resolves when the guard is gone, too. */
  release(): Promise<void> {
    return this.#shell.release();
  }
}
