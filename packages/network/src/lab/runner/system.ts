import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { labFailed } from "./failure.ts";

/** How long a program of the system may take, ms. */
const patience = 20_000;

/** Where programs for administrators are that are not always on the PATH. */
const adminFolders = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

/** The full path of a program, or `null`. */
export function programPath(name: string): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean), ...adminFolders];
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

/** What a program printed, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the system to its end, whatever that is. It must end within {@link patience}. */
export function attempt(name: string, words: readonly string[], input = ""): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      programPath(name) ?? name,
      [...words],
      { timeout: patience, killSignal: "SIGKILL", maxBuffer: 8 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const { code } = (error ?? { code: 0 }) as { code?: number | string };
        const why = typeof code === "number" ? stderr : `${stderr}\n${error?.message ?? ""}`;
        resolve({ code: typeof code === "number" ? code : -1, stdout, stderr: why });
      },
    );
    // It may end without having read all.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/**
 * Runs a program that must succeed.
 *
 * @param what is being done, for the message
 * @returns what it printed
 * @throws RedoubtError `LAB_FAILED` with what the program said
 */
export async function must(
  what: string,
  name: string,
  words: readonly string[],
  input = "",
): Promise<string> {
  const { code, stdout, stderr } = await attempt(name, words, input);
  if (code === 0) return stdout;
  throw labFailed(what, stderr || stdout || `${name} ended with code ${code}`);
}

/** The words that run a program inside a namespace, with its own `/etc/resolv.conf`. */
export function insideWords(namespace: string, words: readonly string[]): string[] {
  return ["netns", "exec", namespace, ...words];
}
