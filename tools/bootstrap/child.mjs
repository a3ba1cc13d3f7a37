import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Something a person can act on; printed without a stack. */
export class SetupError extends Error {}

/**
 * Runs a program to its end, keeping its output back unless it fails.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ timeout: number, env?: NodeJS.ProcessEnv }} options `timeout` in ms; then it is killed and has failed.
 * @returns {Promise<{ ok: boolean, output: string }>} stdout and stderr as they came
 */
export function runQuietly(file, args, { timeout, env = process.env }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"], timeout });
    const letGo = outlive(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.once("error", (error) => {
      letGo();
      resolve({ ok: false, output: error.message });
    });
    child.once("close", (code, signal) => {
      letGo();
      if (signal !== null) output += `\n${file} ended by ${signal} (its limit is ${timeout / 1000} s)`;
      resolve({ ok: code === 0, output: output.trim() });
    });
  });
}

/**
 * Told to stop, waits for the child and ends after it: npm takes back what it had begun, which lasts a while and must not
 * happen beside the next start. Told a second time, ends at once.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @returns {() => void} to be called when the child has ended
 */
function outlive(child) {
  /** @type {NodeJS.Signals | null} */
  let told = null;
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    told = signal;
    console.error("Stopping…");
    // The terminal sends Ctrl-C to both.
    if (signal !== "SIGINT") child.kill(signal);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  return () => {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    if (told !== null) process.exit(told === "SIGINT" ? 130 : 143);
  };
}

/**
 * Runs a script of Node in the foreground: it has our terminal, and gets the signals that we get.
 *
 * @param {readonly string[]} args script and its arguments
 * @returns {Promise<number>} exit code; 128 + n after a signal
 */
export function runInForeground(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => void child.kill(signal);
    // The terminal sends Ctrl-C to both; ours only waits for the child to end.
    const wait = () => {};
    process.on("SIGTERM", forward).on("SIGHUP", forward).on("SIGINT", wait);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.off("SIGTERM", forward).off("SIGHUP", forward).off("SIGINT", wait);
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

/**
 * Ends this process when npm is gone. npm hands SIGTERM only to its shell, which dies and leaves us behind; so we give it
 * to ourselves, and whoever handles it here cleans up.
 */
export function endWithNpm() {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 500).unref();
}
