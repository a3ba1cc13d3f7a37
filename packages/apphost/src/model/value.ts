import type { Resource } from "./resource.ts";

/** Who will read a value: a process of this machine (`localhost:port`) or one inside a container (`name:targetPort`). */
export type Viewpoint = "host" | "container";

/** For whom a value is worked out. */
export interface ResolveContext {
  readonly viewpoint: Viewpoint;
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

/** Anything that has a value when the app runs, and a form in which it is published. */
export interface Value {
  /** The published form: an expression of the manifest, `{cache.outputs.hostName}`, or literal text. */
  readonly published: string;
  /** Whether the value must not be shown. */
  readonly secret: boolean;
  /** The resources that must be there before the value is known. */
  readonly needs: readonly Resource[];
  /**
   * The value for a reader; waits until it is known.
   * @returns `undefined` where there is none
   */
  resolve(context: ResolveContext): Promise<string | undefined>;
}

/** Text that is known from the start. */
export class Literal implements Value {
  readonly published: string;
  readonly secret = false;
  readonly needs: readonly Resource[] = [];

  constructor(text: string) {
    this.published = text;
  }

  resolve(): Promise<string> {
    return Promise.resolve(this.published);
  }
}

/** Whether something is a {@link Value}. */
export function isValue(thing: unknown): thing is Value {
  return (
    typeof thing === "object" &&
    thing !== null &&
    "published" in thing &&
    "resolve" in thing &&
    typeof thing.resolve === "function"
  );
}
