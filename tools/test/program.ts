import { spawn } from "node:child_process";

/** How a program ended. */
export interface Ended {
  /** `null` when it was killed, because its time was over. */
  readonly code: number | null;
  /** stdout and stderr as they came. */
  readonly output: string;
  readonly stdout: string;
}

/**
 * Runs a program to its end, without stdin.
 *
 * @param timeout ms; then it is killed
 * @throws Error when it cannot be started
 */
export function runProgram(
  file: string,
  args: readonly string[],
  {
    cwd,
    env,
    timeout,
  }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly timeout: number },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout,
      killSignal: "SIGKILL",
    });
    let output = "";
    let stdout = "";
    child.stdout.on("data", (text: string) => {
      stdout += text;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output, stdout }));
  });
}
