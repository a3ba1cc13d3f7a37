import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { homeFolder } from "@redoubt/services/machine";
import { appIdentity } from "../names/app-identity.ts";
import { UserSecrets } from "../secrets/user-secrets.ts";
import { callSite } from "./call-site.ts";
import { Configuration } from "./configuration.ts";
import { AppEvents } from "./events.ts";
import { fault } from "./fault.ts";
import { ParameterResource } from "./parameter.ts";
import type { Resource } from "./resource.ts";

/** What is done with the app. `publish` and `deploy` both have the mode `publish`. */
export type Operation = "run" | "publish" | "deploy";

/** The model of an app. */
export interface App {
  /** Whether the app runs on this machine, or is written down for elsewhere. */
  readonly mode: "run" | "publish";
  readonly operation: Operation;
  /** The app's file. */
  readonly file: string;
  /** Folder of the app's file: relative paths start here. */
  readonly directory: string;
  /** SHA-256 of the lower-cased path of the app's file, hex. */
  readonly identity: string;
  /** `Development` when it runs, else `Production`, unless chosen otherwise. */
  readonly environment: string;
  /** Folder (0700, made when needed) with what this machine keeps of the app: data, secrets, state of deployments. */
  readonly stateFolder: string;
  /** In the order in which they were added. */
  readonly resources: readonly Resource[];
  /** A resource by its name, without regard to case. */
  find(name: string): Resource | undefined;
  /** Adds a resource. @throws RedoubtError `APP_NAME` when the name is taken */
  add<R extends Resource>(resource: R): R;
  /** Takes a resource out; one that is not in is no fault. */
  remove(resource: Resource): void;
  readonly configuration: Configuration;
  readonly events: AppEvents;
}

/** Options of `createBuilder`. What is left out is found: the file by the call, the rest by the environment. */
export interface AppOptions {
  /** The app's file. Default: the file that calls. */
  readonly file?: string;
  /** Default: `REDOUBT_APPHOST`, else `run`. */
  readonly operation?: Operation;
  /** Name of the environment. Default: `REDOUBT_ENVIRONMENT`, else `Development` to run and `Production` otherwise. */
  readonly environment?: string;
  /** Words of the command line that configure. Default: those of the process. */
  readonly args?: readonly string[];
  /** Environment variables. Default: those of the process. */
  readonly variables?: NodeJS.ProcessEnv;
  /** Folder with all of Redoubt's state. Default: `REDOUBT_HOME`, else the XDG data folder. */
  readonly home?: string;
}

const operations: readonly string[] = ["run", "publish", "deploy"] satisfies readonly Operation[];

/** The resources of an app and what they share. Builders extend it with a method for each kind of resource. */
export class AppModel implements App {
  readonly operation: Operation;
  readonly file: string;
  readonly directory: string;
  readonly identity: string;
  readonly environment: string;
  readonly stateFolder: string;
  readonly configuration: Configuration;
  readonly events = new AppEvents();
  readonly #resources: Resource[] = [];

  /** @throws RedoubtError `APP_MODEL` for an operation or an environment's name that is none, `CONFIG_FILE`, `CONFIG_SYNTAX` */
  constructor(options: AppOptions = {}) {
    const { variables = process.env, args = process.argv.slice(2) } = options;
    this.operation = readOperation(options.operation ?? (variables["REDOUBT_APPHOST"] || "run"));
    this.environment = readEnvironment(
      options.environment ?? variables["REDOUBT_ENVIRONMENT"],
      this.operation,
    );
    this.file = resolve(options.file ?? callSite().file ?? process.argv[1] ?? "apphost.ts");
    this.directory = dirname(this.file);
    this.identity = appIdentity(this.file);
    this.stateFolder = join(homeFolder(options.home, variables), "apps", this.identity);
    const secrets = new UserSecrets(join(this.stateFolder, `secrets.${this.environment.toLowerCase()}.json`));
    const files = ["redoubt.json", `redoubt.${this.environment.toLowerCase()}.json`].map((name) =>
      readJson(join(this.directory, name)),
    );
    this.configuration = new Configuration({ files, secrets, environment: variables, args });
  }

  get mode(): "run" | "publish" {
    return this.operation === "run" ? "run" : "publish";
  }

  get resources(): readonly Resource[] {
    return this.#resources;
  }

  find(name: string): Resource | undefined {
    const wanted = name.toLowerCase();
    return this.#resources.find((one) => one.name.toLowerCase() === wanted);
  }

  add<R extends Resource>(resource: R): R {
    const other = this.find(resource.name);
    if (other === resource) return resource;
    if (other !== undefined)
      throw fault("APP_NAME", `the name "${resource.name}" is taken by a resource of type ${other.type}`, {
        at: resource.madeAt,
      });
    this.#resources.push(resource);
    return resource;
  }

  remove(resource: Resource): void {
    const index = this.#resources.indexOf(resource);
    if (index >= 0) this.#resources.splice(index, 1);
  }

  /** The parameters among the resources. */
  get parameters(): readonly ParameterResource[] {
    return this.#resources.filter((one) => one instanceof ParameterResource);
  }

  toJSON(): Record<string, unknown> {
    return { file: this.file, operation: this.operation, resources: this.#resources };
  }

  /** The configuration has secrets. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.constructor.name} ${JSON.stringify(this.toJSON())}`;
  }
}

function readOperation(word: string): Operation {
  if (operations.includes(word)) return word as Operation;
  throw fault("APP_MODEL", `the operation ${JSON.stringify(word)} is none of ${operations.join(", ")}`);
}

/** It becomes part of file names. */
function readEnvironment(given: string | undefined, operation: Operation): string {
  const name = given || (operation === "run" ? "Development" : "Production");
  if (/^[A-Za-z0-9_-]{1,64}$/.test(name)) return name;
  throw fault(
    "APP_MODEL",
    `the environment ${JSON.stringify(name)} may have letters, digits, - and _, and up to 64 characters`,
  );
}

/** @returns `undefined` for a file that is not there */
function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw fault("CONFIG_FILE", `${path} cannot be read (${code})`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message quotes the text, which may have secrets.
    throw fault("CONFIG_SYNTAX", `${path} is no JSON`);
  }
}
