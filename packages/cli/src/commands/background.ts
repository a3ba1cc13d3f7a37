import { spawn } from "node:child_process";
import { type ErrorCode, RedoubtError } from "@redoubt/client";

/** Set in the environment of a program that was sent to the background. */
const marker = "REDOUBT_IN_BACKGROUND";

type Message = { readonly code: ErrorCode; readonly message: string; readonly hint: string } | "ready";

/** Whether this process was started by {@link goToBackground}. */
export function isBackground(environment: NodeJS.ProcessEnv): boolean {
  return environment[marker] === "1" && process.send !== undefined;
}

/**
 * Runs this command line once more, without terminal and streams, and returns its process id when it says that it works.
 * @throws RedoubtError what kept it from working
 */
export function goToBackground(environment: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    env: { ...environment, [marker]: "1" },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error("The program in the background ended without saying why.")));
    child.once("message", (message: Message) => {
      child.removeAllListeners();
      if (message !== "ready") return reject(new RedoubtError(message.code, message.message, message));
      child.disconnect();
      child.unref();
      resolve(child.pid ?? 0);
    });
  });
}

/** Tells the process that waits in the foreground how it went, and lets it go. */
export function tellParent(error: unknown): void {
  const message: Message =
    error === null
      ? "ready"
      : error instanceof RedoubtError
        ? { code: error.code, message: error.message, hint: error.hint }
        : {
            code: "CLOSED_ABORTED",
            message: "The program in the background failed",
            hint: "Run it with foreground = yes to see why.",
          };
  process.send?.(message);
  if (error === null) process.disconnect();
}
