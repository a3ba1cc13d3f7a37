import { typeScriptFlags } from "../loader/typescript.ts";
import type { App } from "../model/app.ts";
import { asValue, type ValueLike } from "../model/expression.ts";
import { ExecutableResource } from "./executable.ts";

/** Which program runs the scripts of a `package.json`. */
export type PackageManager = "npm" | "yarn" | "pnpm" | "bun";

/** Options of `withNpm` and its siblings. */
export interface InstallOptions {
  /** Whether packages are installed before the app starts, by a resource `{name}-installer`. Default false. */
  readonly install?: boolean;
  /** Default `install`. */
  readonly installCommand?: string;
  readonly installArgs?: readonly string[];
}

/** A program of JavaScript or TypeScript. */
export abstract class JavaScriptResource extends ExecutableResource {
  packageManager: PackageManager = "npm";
  #installer: ExecutableResource | undefined;

  constructor(app: App, name: string, command: string, directory: string, args: readonly ValueLike[] = []) {
    super(app, name, command, directory, args);
    this.withEnvironment("NODE_ENV", app.mode === "run" ? "development" : "production");
  }

  withNpm(options: InstallOptions = {}): this {
    return this.#use("npm", options);
  }

  withYarn(options: InstallOptions = {}): this {
    return this.#use("yarn", options);
  }

  withPnpm(options: InstallOptions = {}): this {
    return this.#use("pnpm", options);
  }

  withBun(options: InstallOptions = {}): this {
    return this.#use("bun", options);
  }

  /** The resource that installs its packages, where one was asked for. */
  get installer(): ExecutableResource | undefined {
    return this.#installer;
  }

  #use(
    manager: PackageManager,
    { install = false, installCommand = "install", installArgs = [] }: InstallOptions,
  ): this {
    this.packageManager = manager;
    this.#forgetInstaller();
    if (!install || this.app.mode !== "run") return this;
    const installer = new ExecutableResource(
      this.app,
      `${this.name}-installer`,
      manager,
      this.workingDirectory,
      [installCommand, ...installArgs],
    );
    this.#installer = this.app.add(installer.excludeFromManifest());
    return this.waitForCompletion(installer);
  }

  #forgetInstaller(): void {
    const installer = this.#installer;
    if (installer === undefined) return;
    this.#installer = undefined;
    this.app.remove(installer);
    for (const list of [this.waits, this.relationships] as { on?: unknown; resource?: unknown }[][]) {
      const index = list.findIndex(({ on, resource }) => (on ?? resource) === installer);
      if (index >= 0) list.splice(index, 1);
    }
  }
}

/** `node script`: TypeScript is run as it is. */
export class NodeAppResource extends JavaScriptResource {
  override readonly type = "node-app";
  /** From its folder. */
  readonly script: string;

  constructor(app: App, name: string, directory: string, script: string, args: readonly ValueLike[] = []) {
    // The Node of this process: whether it takes types away by itself was asked of this one.
    super(app, name, app.mode === "run" ? process.execPath : "node", directory);
    this.script = script;
    this.withArgsCallback(({ args: all, mode }) => {
      all.unshift(...(mode === "run" ? typeScriptFlags(script) : []), script, ...args.map(asValue));
    });
  }
}

/** `npm run script`. */
export class ScriptAppResource extends JavaScriptResource {
  override readonly type: string = "javascript-app";
  runScript: string;
  readonly #scriptArgs: readonly ValueLike[];

  constructor(app: App, name: string, directory: string, runScript: string, args: readonly ValueLike[] = []) {
    super(app, name, "npm", directory);
    this.runScript = runScript;
    this.#scriptArgs = args;
    this.withArgsCallback(({ args: all }) => {
      // npm takes for its own what stands before the two dashes; the others do not want them.
      const rest = [...this.scriptArguments(), ...all.splice(0)];
      const dashes = this.packageManager === "npm" && rest.length > 0 ? ["--"] : [];
      all.push("run", this.runScript, ...dashes, ...rest);
    });
  }

  /** The script of `package.json` that runs it. */
  withRunScript(name: string): this {
    this.runScript = name;
    return this;
  }

  override withNpm(options: InstallOptions = {}): this {
    this.command = "npm";
    return super.withNpm(options);
  }

  override withYarn(options: InstallOptions = {}): this {
    this.command = "yarn";
    return super.withYarn(options);
  }

  override withPnpm(options: InstallOptions = {}): this {
    this.command = "pnpm";
    return super.withPnpm(options);
  }

  override withBun(options: InstallOptions = {}): this {
    this.command = "bun";
    return super.withBun(options);
  }

  protected scriptArguments(): readonly ValueLike[] {
    return this.#scriptArgs;
  }
}

/** A Vite app: its server listens where the model says. */
export class ViteAppResource extends ScriptAppResource {
  override readonly type = "vite-app";

  constructor(app: App, name: string, directory: string, runScript = "dev") {
    super(app, name, directory, runScript);
    this.withHttpEndpoint({ env: "PORT" });
  }

  protected override scriptArguments(): readonly ValueLike[] {
    return ["--port", this.getEndpoint("http").property("targetPort")];
  }
}
