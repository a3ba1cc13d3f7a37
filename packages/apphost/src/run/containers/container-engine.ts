import { execFile } from "node:child_process";
import { RedoubtError } from "@redoubt/client";

/** Programs that are tried, in this order. */
const programs = ["docker", "podman"] as const;

/** How long an engine may take to answer, ms. */
const patience = 5_000;

/** How long an order to an engine may take, ms. */
const usual = 60_000;

/** A Docker or Podman that answers. */
export class ContainerEngine {
  /** Name or path of its program. */
  readonly program: string;
  readonly #variables: NodeJS.ProcessEnv;

  constructor(program: string, variables: NodeJS.ProcessEnv) {
    this.program = program;
    this.#variables = variables;
  }

  /**
   * Gives it an order.
   * @returns what it writes
   * @throws Error with the last line of what it complains about
   */
  call(args: readonly string[], timeout = usual): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { env: this.#variables, timeout: Math.ceil(timeout), maxBuffer: 4 << 20 };
      execFile(this.program, args, options, (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        if (error.code === "ENOENT") return reject(new Error("it is not installed"));
        if (error.killed === true) return reject(new Error(`no answer within ${timeout} ms`));
        reject(new Error(stderr.trim().split("\n").at(-1) || `it exited with code ${error.code}`));
      });
    });
  }
}

/**
 * Finds an engine: the one that `REDOUBT_CONTAINER_ENGINE` names, else docker, else podman.
 * @throws RedoubtError `APP_RESOURCE_FAILED` when none answers, with what each one says
 */
export async function findContainerEngine(variables: NodeJS.ProcessEnv): Promise<ContainerEngine> {
  const chosen = variables["REDOUBT_CONTAINER_ENGINE"];
  const problems: string[] = [];
  for (const program of chosen === undefined || chosen === "" ? programs : [chosen]) {
    const engine = new ContainerEngine(program, variables);
    try {
      await engine.call(["version", "--format", "{{.Server.Version}}"], patience);
      return engine;
    } catch (error) {
      problems.push(`${program}: ${(error as Error).message}`);
    }
  }
  throw new RedoubtError("APP_RESOURCE_FAILED", `No container engine answers (${problems.join("; ")})`, {
    hint: "Start Docker or Podman, or install one of them; the rest of the app goes on without. REDOUBT_CONTAINER_ENGINE names another program.",
  });
}
