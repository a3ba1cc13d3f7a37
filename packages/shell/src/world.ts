import type { Secret } from "@redoubt/client/config";
import type { ResolveService } from "./target/plan.ts";

/** What a shell may use of the process that it runs in. */
export interface World {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Asks for a password on the terminal; absent where nobody can be asked. */
  readonly askPassword?: (user: string | null) => Promise<Secret>;
  /** Finds services of this machine. */
  readonly resolveService?: ResolveService;
  /** Told of every secret that becomes known, so that it can be masked in what others print. */
  readonly hide?: (secret: Secret) => void;
  readonly version: string;
}
