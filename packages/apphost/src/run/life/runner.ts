import type { HealthCheck, Resource } from "../../model/resource.ts";
import type { Snapshot, State } from "../../model/snapshot.ts";
import type { ProgramExit } from "../process/program-exit.ts";

/** One life of a resource, as whoever brings it to life sees it. */
export interface Life {
  /** Aborted when the resource is to stop: then starting it is of no use any more. */
  readonly signal: AbortSignal;
  /** Adds a line to the log of the resource, in Redoubt's name. */
  readonly say: (text: string) => void;
  /** Adds a line that the resource itself has written. */
  readonly onLine: (stream: "stdout" | "stderr", text: string) => void;
  /** Shows more about the resource than that it starts. */
  readonly show: (what: Shown) => void;
}

/** What is shown of a resource beside its state. */
export interface Shown {
  /** In place of `Starting`. */
  readonly state?: State;
  readonly message?: string;
  readonly properties?: Snapshot["properties"];
  readonly environment?: Snapshot["environment"];
  readonly urls?: Snapshot["urls"];
}

/** A resource that runs. */
export interface Body {
  /** Resolves when it has ended, whoever ended it. It may never. */
  readonly ended: Promise<ProgramExit>;
  /** Ends it: politely, and for certain after `grace` ms. Resolves when it is gone. */
  stop(grace: number): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/** Brings a resource to life, and again when it is started anew. */
export interface Runner {
  /** What else must have its value, or run, before it can start; beside what the user has it wait for. */
  needs?(): readonly Resource[];
  /** Whether its connection string is known only when it runs. */
  readonly knownLate?: boolean;
  /** Checks beside those of the user. */
  readonly checks?: readonly HealthCheck[];
  /** Whether starting and stopping it means something. Default true. */
  readonly controllable?: boolean;
  /** @throws whatever keeps it from starting; the resource has failed then */
  start(life: Life): Promise<Body>;
}

/** A body of something that is no process: it runs until it is stopped. */
export function lasting(onStop: () => Promise<void> = () => Promise.resolve()): Body {
  let end: (exit: ProgramExit) => void = () => {};
  const ended = new Promise<ProgramExit>((resolve) => {
    end = resolve;
  });
  return {
    ended,
    stop: async () => {
      await onStop();
      end({ code: 0, signal: null });
    },
    kill: () => {
      void onStop();
      end({ code: null, signal: "SIGKILL" });
    },
  };
}
