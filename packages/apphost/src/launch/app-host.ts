import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ErrorCode, errorTable, RedoubtError } from "@redoubt/client";
import { typeScriptFlags } from "../loader/typescript.ts";
import { orderVariables, type Told, type ToldFailure } from "./protocol.ts";

/** The files that are looked for, in this order. */
export const defaultFiles: readonly string[] = ["apphost.ts", "apphost.mts", "apphost.js", "apphost.mjs"];

/** What is wanted of an app. */
export interface AppHostOrder {
  /** The app's file, from the working directory, or a folder with one of {@link defaultFiles}. Default: the working directory. */
  readonly file?: string;
  readonly operation: "run" | "publish" | "deploy";
  /** Options of the operation; they go through JSON. */
  readonly options?: object;
  /** Words of the file's own command line: `--Parameters:size=B0`. */
  readonly args?: readonly string[];
  /** Environment of the app's process, and with it of its programs. */
  readonly environment: NodeJS.ProcessEnv;
  /** Called with what the operation tells while it goes on. */
  readonly onEvent?: (event: unknown) => void;
}

/** How an app's process has ended. */
export interface AppHostEnd {
  /** What has come of the operation; absent where it told nothing. */
  readonly result?: unknown;
  readonly exitCode: number;
}

/** The process of an app. */
export interface AppHost {
  /** Absolute path of the app's file. */
  readonly file: string;
  /**
   * Resolves when the process has ended.
   * @throws RedoubtError what the file or the operation failed with; `APP_MODEL` for a file that ended without doing anything
   */
  readonly ended: Promise<AppHostEnd>;
  /** Passes on that the user interrupts. An interrupt that the terminal has delivered to the process already counts once. */
  interrupt(): void;
  /** Sends a signal. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts an app's file in a process of its own, with this process's streams. TypeScript needs no build: this Node takes types
 * away by itself, or the loader of this package does.
 * @throws RedoubtError `CONFIG_FILE` when there is no such file
 */
export function launchAppHost(order: AppHostOrder): AppHost {
  const file = findFile(order.file ?? ".");
  const flags = [...typeScriptFlags(file), "--import", guest];
  const child = spawn(process.execPath, [...flags, file, ...(order.args ?? [])], {
    env: {
      ...order.environment,
      [orderVariables.operation]: order.operation,
      [orderVariables.options]: JSON.stringify(order.options ?? {}),
    },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  return {
    file,
    ended: endOf(child, file, order.onEvent),
    interrupt: () => {
      if (child.connected) child.send({ type: "stop" });
    },
    kill: (signal) => void child.kill(signal),
  };
}

const own = fileURLToPath(import.meta.url);
/** Of the built files also where the sources are run: Node must be able to read it before it can read TypeScript. */
const guest = new URL(extname(own) === ".js" ? "guest.js" : "../../dist/launch/guest.js", import.meta.url)
  .href;

function findFile(given: string): string {
  const path = resolve(given);
  if (/\.[cm]?[jt]s$/.test(path)) {
    if (existsSync(path)) return path;
    throw new RedoubtError("CONFIG_FILE", `There is no file ${path}`);
  }
  const found = defaultFiles.map((name) => resolve(path, name)).find((each) => existsSync(each));
  if (found !== undefined) return found;
  throw new RedoubtError("CONFIG_FILE", `There is no ${defaultFiles.join(", ")} in ${path}`, {
    hint: "Name the app's file, or make an apphost.ts: see docs/guide/apphost.md.",
  });
}

async function endOf(
  child: ChildProcess,
  file: string,
  onEvent: ((event: unknown) => void) | undefined,
): Promise<AppHostEnd> {
  let failure: ToldFailure | undefined;
  let result: { readonly value: unknown } | undefined;
  let begun = false;
  child.on("message", (told: Told) => {
    if (told.type === "begun") begun = true;
    else if (told.type === "event") onEvent?.(told.event);
    else if (told.type === "result") result = { value: told.result };
    else failure ??= told.failure;
  });
  const exitCode = await new Promise<number>((settle, reject) => {
    child.once("error", reject);
    // `close` comes when the channel is read to its end, too.
    child.once("close", (code, signal) => settle(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
  if (failure !== undefined) throw revived(failure, file);
  if (!begun && exitCode === 0)
    throw new RedoubtError("APP_MODEL", `${basename(file)} ended without doing anything`, {
      hint: "Its last line is: await builder.build().run();",
    });
  return { exitCode, ...(result !== undefined && { result: result.value }) };
}

/** Codes that are not in the table are of the user's own code. */
function revived({ code, message, hint, position }: ToldFailure, file: string): Error {
  if (code === null || !Object.hasOwn(errorTable, code))
    return new RedoubtError("APP_MODEL", `${basename(file)} threw an error: ${message}`, {
      hint: `The stack above says where in ${dirname(file)}.`,
    });
  return new RedoubtError(code as ErrorCode, message, {
    ...(hint !== null && { hint }),
    ...(position !== null && { position }),
  });
}
