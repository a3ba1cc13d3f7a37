import type { App } from "./app.ts";
import type { Resource } from "./resource.ts";

/** What handlers of a resource's life are given. */
export interface ResourceEvent {
  readonly app: App;
  readonly resource: Resource;
  readonly signal?: AbortSignal;
}

/** What handlers of the app's life are given. */
export interface AppEvent {
  readonly app: App;
  readonly signal?: AbortSignal;
}

/** What happens, in this order, and what its handlers are given. */
export interface AppEventMap {
  /** Before anything starts; the model may still be changed. */
  beforeStart: AppEvent;
  initializeResource: ResourceEvent;
  resourceEndpointsAllocated: ResourceEvent;
  connectionStringAvailable: ResourceEvent;
  beforeResourceStarted: ResourceEvent;
  /** Running and healthy. Whoever waits for the resource waits for the handlers, too. */
  resourceReady: ResourceEvent;
  resourceStopped: ResourceEvent;
  /** Every resource was started, or has begun to wait. */
  afterResourcesCreated: AppEvent;
  beforePublish: AppEvent;
  afterPublish: AppEvent;
}

/** Name of a moment. */
export type EventName = keyof AppEventMap;
/** Name of a moment in the life of one resource. */
export type ResourceEventName = {
  [N in EventName]: AppEventMap[N] extends ResourceEvent ? N : never;
}[EventName];
/** Called at a moment; what it returns is awaited. */
export type EventHandler<E> = (event: E) => void | Promise<void>;

interface Subscription {
  readonly event: EventName;
  readonly handler: EventHandler<never>;
  /** Only of this one; `null` for all. */
  readonly resource: Resource | null;
}

/** Who wants to know what of an app. */
export class AppEvents {
  #subscriptions: readonly Subscription[] = [];

  /**
   * Calls a function at a moment.
   * @param resource only for this one. Default: for all
   * @returns ends it
   */
  on<N extends EventName>(event: N, handler: EventHandler<AppEventMap[N]>, resource?: Resource): () => void {
    const subscription: Subscription = { event, handler, resource: resource ?? null };
    this.#subscriptions = [...this.#subscriptions, subscription];
    return () => {
      this.#subscriptions = this.#subscriptions.filter((one) => one !== subscription);
    };
  }

  /**
   * Tells that a moment has come: handlers are called one after the other, in the order of their subscription, and each is
   * awaited.
   * @throws what the first one throws; the later ones are not called then
   */
  async emit<N extends EventName>(event: N, about: AppEventMap[N]): Promise<void> {
    const resource = "resource" in about ? about.resource : null;
    for (const one of this.#subscriptions) {
      if (one.event !== event || (one.resource !== null && one.resource !== resource)) continue;
      await (one.handler as EventHandler<AppEventMap[N]>)(about);
    }
  }
}
