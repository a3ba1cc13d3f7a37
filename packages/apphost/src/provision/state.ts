import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { Disk, isLock, type Lock, readIfThere, takeLock } from "@redoubt/services/machine";
import { z } from "zod";

/** Of this layout. A newer one is refused. */
const format = 1;

const placeSchema = z.union([
  z.object({ kind: z.literal("group"), subscription: z.string(), group: z.string() }),
  z.object({ kind: z.literal("subscription"), subscription: z.string() }),
  z.object({ kind: z.literal("tenant") }),
]);

const deploymentSchema = z.object({
  /** Id of the deployment in Azure. */
  id: z.string(),
  place: placeSchema,
  checksum: z.string(),
  state: z.enum(["Running", "Succeeded", "Failed", "Canceled"]),
  /** ISO 8601, UTC. */
  begun: z.string(),
  /** `null` where one of them must not be written down: then they are read from Azure again. */
  outputs: z.record(z.string(), z.unknown()).nullable(),
  /** Ids of what was made. */
  resources: z.array(z.string()),
});

const contextSchema = z.object({
  cloud: z.string().optional(),
  subscription: z.string().optional(),
  tenant: z.string().optional(),
  location: z.string().optional(),
  group: z.string().optional(),
  /** Whether the group was made by us, and so may be removed by us. */
  groupIsOurs: z.boolean().optional(),
});

const stateSchema = z.object({
  format: z.literal(format),
  /** Identity of the app. */
  app: z.string(),
  environment: z.string(),
  /** Random, hexadecimal: see {@link checksum}. */
  salt: z.string(),
  context: contextSchema,
  deployments: z.record(z.string(), deploymentSchema),
});

/** What is known of a deployment from an earlier run. */
export type SavedDeployment = z.infer<typeof deploymentSchema>;
/** Where an app was deployed to. */
export type SavedContext = z.infer<typeof contextSchema>;
type State = z.infer<typeof stateSchema>;

/** Whose state it is, and where. */
export interface StateOptions {
  /** Folder of the app's state on this machine. */
  readonly folder: string;
  /** Identity of the app: the SHA-256 of its path, hexadecimal. */
  readonly app: string;
  /** Name of the environment: letters, digits, `_`, `-`. */
  readonly environment: string;
  /** Does not read what is there, and begins anew. */
  readonly clear?: boolean;
  /** Hears of each step that changed the disk. Default: nobody */
  readonly step?: (what: string) => void;
}

/**
 * What is remembered of deployments, `deployments.ENVIRONMENT.json` in the app's folder of state (0600 in 0700). Held by one process
 * at a time. Each change is on the disk, whole, before the method that made it returns: whenever the process is killed, there is
 * the state before or the one after. It has no secret in it.
 */
export class StateFile implements AsyncDisposable {
  readonly path: string;
  readonly #disk: Disk;
  readonly #lock: Lock;
  #state: State;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, disk: Disk, lock: Lock, state: State) {
    this.path = path;
    this.#disk = disk;
    this.#lock = lock;
    this.#state = state;
  }

  /**
   * @throws RedoubtError `CONFIG_INVALID_VALUE` for a name that no environment can have; `APP_STATE` when the file cannot be read, is
   *   of a newer version, or somebody else holds it
   */
  static async open({ folder, app, environment, clear = false, step }: StateOptions): Promise<StateFile> {
    const path = statePath(folder, environment);
    const disk = new Disk(step);
    await disk.folder(dirname(path));
    const lock = await takeLock(`${path}.lock`, "apphost", `deploy to ${environment}`);
    if (!isLock(lock))
      throw new RedoubtError(
        "APP_STATE",
        `Process ${lock.pid} is deploying this app to ${environment} since ${lock.since}`,
        {
          hint: "Wait until it has ended. What it does shows in its own output.",
        },
      );
    try {
      const text = clear ? null : await readIfThere(path);
      const state = text === null ? empty(app, environment) : read(path, text);
      return new StateFile(path, disk, lock, state);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Identity of the app. */
  get app(): string {
    return this.#state.app;
  }

  /** See {@link checksum}. */
  get salt(): string {
    return this.#state.salt;
  }

  get context(): SavedContext {
    return this.#state.context;
  }

  /** Names of units that there is something about. */
  get names(): readonly string[] {
    return Object.keys(this.#state.deployments);
  }

  get(unit: string): SavedDeployment | null {
    return Object.hasOwn(this.#state.deployments, unit) ? (this.#state.deployments[unit] ?? null) : null;
  }

  async put(unit: string, deployment: SavedDeployment): Promise<void> {
    const { deployments } = this.#state;
    await this.#change({ ...this.#state, deployments: { ...deployments, [unit]: deployment } });
  }

  async forget(...units: readonly string[]): Promise<void> {
    const kept = Object.entries(this.#state.deployments).filter(([name]) => !units.includes(name));
    await this.#change({ ...this.#state, deployments: Object.fromEntries(kept) });
  }

  async setContext(context: SavedContext): Promise<void> {
    await this.#change({ ...this.#state, context });
  }

  /** Forgets everything. What is in Azure stays there. */
  async clear(): Promise<void> {
    const { app, environment } = this.#state;
    await this.#change(empty(app, environment));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#lock.release();
  }

  #change(state: State): Promise<void> {
    this.#state = state;
    // One after the other, and each writes what is newest.
    this.#writing = this.#writing
      .catch(() => {})
      .then(() => this.#disk.write(this.path, `${JSON.stringify(this.#state, null, 2)}\n`));
    return this.#writing;
  }
}

/** Where the state of an app in an environment is kept. */
export function statePath(folder: string, environment: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(environment))
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      "The name of an environment has 1 to 64 letters, digits, _ and -",
      {
        hint: "For example: --environment Staging.",
      },
    );
  // In lower case: on some file systems two names that differ by case are one file.
  return join(folder, `deployments.${environment.toLowerCase()}.json`);
}

const empty = (app: string, environment: string): State => ({
  format,
  app,
  environment,
  salt: randomBytes(16).toString("hex"),
  context: {},
  deployments: {},
});

function read(path: string, text: string): State {
  const hint =
    "Restore the file, or forget it with --clear-cache: what is in Azure stays, and is deployed anew over what is there.";
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const [, position] = /position (\d+)/.exec((error as Error).message) ?? [];
    throw new RedoubtError(
      "APP_STATE",
      `${path} is no JSON${position === undefined ? "" : ` (position ${position})`}`,
      { hint },
    );
  }
  const written = (document as { format?: unknown } | null)?.format;
  if (typeof written === "number" && written > format)
    throw new RedoubtError(
      "APP_STATE",
      `${path} was written by a newer version of Redoubt (format ${written})`,
      {
        hint: "Use that version, or forget the file with --clear-cache.",
      },
    );
  const parsed = stateSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RedoubtError(
    "APP_STATE",
    `${path} is not what Redoubt wrote: ${issue?.path.join(".")}: ${issue?.message}`,
    { hint },
  );
}
