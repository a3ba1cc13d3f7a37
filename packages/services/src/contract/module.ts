import type { ServiceContext } from "./node-handle.ts";

/** Something that a keeper does beside keeping servers: backups, metrics, logs, simulations. */
export interface KeeperModule {
  /** Orders that it takes, by name; arguments and results are JSON. */
  readonly orders: Readonly<
    Record<
      string,
      (given: Readonly<Record<string, unknown>>, progress: (sentence: string) => void) => Promise<unknown>
    >
  >;
  /** The servers are about to be started, or taken up where they run. */
  prepare?(): Promise<void>;
  /** The servers run. Called again after they were started again as a whole. */
  start(): Promise<void>;
  /** The service is about to be powered off; the servers still run. */
  powerOff?(progress: (sentence: string) => void): Promise<void>;
  /** The servers are about to end, or the keeper is. */
  stop(): Promise<void>;
}

/** Makes a module for a service; `keeper/modules.ts` lists them. */
export type MakeModule = (context: ServiceContext) => KeeperModule;
