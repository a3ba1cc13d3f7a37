import { type ContainerEngine, findContainerEngine } from "./container-engine.ts";
import { appLabel } from "./container-words.ts";

/** The containers of one app: the engine, asked for once, a network of their own, and what earlier runs have left. */
export class ContainerHost {
  readonly #identity: string;
  readonly #variables: NodeJS.ProcessEnv;
  #engine: Promise<ContainerEngine> | null = null;
  #network: Promise<void> | null = null;

  constructor(identity: string, variables: NodeJS.ProcessEnv) {
    this.#identity = identity;
    this.#variables = variables;
  }

  /** Name of the network. */
  get network(): string {
    return `redoubt-${this.#identity.slice(0, 12)}`;
  }

  /** The engine. An engine that does not answer is asked again the next time. @throws RedoubtError `APP_RESOURCE_FAILED` */
  async engine(): Promise<ContainerEngine> {
    this.#engine ??= this.#open();
    try {
      return await this.#engine;
    } catch (error) {
      this.#engine = null;
      throw error;
    }
  }

  /** Makes the network where there is none. */
  async prepareNetwork(): Promise<void> {
    this.#network ??= this.#makeNetwork().catch((error: unknown) => {
      this.#network = null;
      throw error;
    });
    await this.#network;
  }

  /** Removes the network, if it was made. Nothing is in it any more. */
  async close(): Promise<void> {
    if (this.#network === null || this.#engine === null) return;
    const engine = await this.#engine;
    // A container that is to outlive the app holds it.
    await engine.call(["network", "rm", this.network]).catch(() => {});
  }

  async #open(): Promise<ContainerEngine> {
    const engine = await findContainerEngine(this.#variables);
    const left = await engine.call([
      "ps",
      "--all",
      "--quiet",
      "--filter",
      `label=${appLabel}=${this.#identity}`,
    ]);
    const ids = left.split("\n").filter(Boolean);
    if (ids.length > 0) await engine.call(["rm", "--force", ...ids]);
    return engine;
  }

  async #makeNetwork(): Promise<void> {
    const engine = await this.engine();
    const there = await engine.call(["network", "ls", "--quiet", "--filter", `name=^${this.network}$`]);
    if (there.trim() === "")
      await engine.call(["network", "create", "--label", `${appLabel}=${this.#identity}`, this.network]);
  }
}
