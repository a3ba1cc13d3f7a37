import { resolve } from "node:path";
import type { App } from "../model/app.ts";
import { asValue, type ValueLike } from "../model/expression.ts";
import { fault } from "../model/fault.ts";
import { Workload } from "../model/workload.ts";

/** A program of this machine. */
export class ExecutableResource extends Workload {
  readonly type: string = "executable";
  /** Name on the PATH, or path from the working directory. */
  command: string;
  /** Absolute. */
  readonly workingDirectory: string;

  /** @param workingDirectory from the folder of the app's file */
  constructor(
    app: App,
    name: string,
    command: string,
    workingDirectory: string,
    args: readonly ValueLike[] = [],
  ) {
    super(app, name);
    if (command === "") throw fault("APP_MODEL", `"${name}" needs a command`, { at: this.madeAt });
    this.command = command;
    this.workingDirectory = resolve(app.directory, workingDirectory);
    for (const arg of args) this.argumentSteps.push(asValue(arg));
  }
}
