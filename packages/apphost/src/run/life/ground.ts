import type { App } from "../../model/app.ts";
import type { Resource } from "../../model/resource.ts";
import type { LogStore } from "../logs/log-store.ts";
import type { Masker } from "../logs/masker.ts";
import type { ResourceRun } from "./resource-run.ts";

/** What becomes of a resource that waits for one that has failed. Upstream's words. */
export type WaitBehavior = "wait-on-resource-unavailable" | "stop-on-resource-unavailable";

/** What all resources of a running app have in common. */
export interface Ground {
  readonly app: App;
  readonly logStore: LogStore;
  readonly masker: Masker;
  readonly waitBehavior: WaitBehavior;
  /** How the life of a resource goes; for what the model took out, that of what stands in its place. */
  runOf(resource: Resource): ResourceRun | undefined;
  /** Something about a resource has changed. */
  changed(run: ResourceRun): void;
  /** Calls back at each change of any resource. @returns what ends that */
  onChange(listener: () => void): () => void;
}
