import { RedoubtError } from "@redoubt/client";
import { type Asked, orderVariables, type Told, type ToldFailure } from "./protocol.ts";

/** How long the system may take to deliver a signal to all of a group, ms: see {@link ParentChannel}. */
const sameInterrupt = 150;

/** The way from an app's process to the program that started it, where one did. There is one of it in a process. */
export class ParentChannel {
  static #only: ParentChannel | null = null;
  #interrupted = Number.NEGATIVE_INFINITY;
  #telling = 0;

  private constructor() {
    process.on("SIGINT", this.#onInterrupt);
    process.on("message", (asked: unknown) => {
      if ((asked as Partial<Asked> | null)?.type === "stop") this.#interrupt();
    });
    // Listening alone shall not keep a process alive whose work is done.
    process.channel?.unref();
  }

  /** @returns `null` where nobody listens: the file was started by hand */
  static open(environment: NodeJS.ProcessEnv = process.env): ParentChannel | null {
    if (process.send === undefined || environment[orderVariables.operation] === undefined) return null;
    ParentChannel.#only ??= new ParentChannel();
    return ParentChannel.#only;
  }

  /** Tells something; resolves when it is on its way. What cannot be told any more is nobody's concern. */
  async tell(told: Told): Promise<void> {
    if (process.send === undefined || !process.connected) return;
    if (this.#telling++ === 0) process.channel?.ref();
    await new Promise<void>((resolve) => {
      process.send?.(told, undefined, undefined, () => resolve());
    });
    if (--this.#telling === 0) process.channel?.unref();
  }

  /** Ends it: everything is said. */
  close(): void {
    process.off("SIGINT", this.#onInterrupt);
    if (process.connected) process.disconnect();
  }

  readonly #onInterrupt = (): void => {
    this.#interrupted = performance.now();
    // Whoever listens for interrupts decides what they do; where nobody does, they end the process, as ever.
    if (process.listenerCount("SIGINT") === 1) process.exit(130);
  };

  /**
   * A terminal interrupts all of a group by itself, and the parent cannot know: an interrupt that has come by another way at the
   * same time is the same one.
   */
  #interrupt(): void {
    setTimeout(() => {
      if (performance.now() - this.#interrupted > sameInterrupt * 2) process.emit("SIGINT", "SIGINT");
    }, sameInterrupt).unref();
  }
}

/** The options that the program which started this one has given. */
export function orderedOptions(environment: NodeJS.ProcessEnv): unknown {
  const text = environment[orderVariables.options];
  if (text === undefined || text === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RedoubtError("CONFIG_SYNTAX", `${orderVariables.options} is no JSON`);
  }
}

/** What is told of a failure. */
export function describeFailure(error: unknown): ToldFailure {
  if (error instanceof RedoubtError) {
    const { code, message, hint, position = null } = error;
    return { code, message, hint, position };
  }
  return {
    code: null,
    message: error instanceof Error ? error.message : String(error),
    hint: null,
    position: null,
  };
}
