import type { Buffer } from "node:buffer";
import type { CredentialsProvider } from "../credentials/provider.ts";
import type { TlsOptions } from "../tls/options.ts";
import type { Stage } from "./report.ts";

/** Default of {@link DialOptions.connectTimeout}, ms. */
export const defaultConnectTimeout = 5000;

/** How a connection is opened, besides where to. */
export interface DialOptions {
  /** TLS settings besides those of the target. */
  readonly tls?: TlsOptions;
  /** All stages together, ms. Default: what the target says, else 5000. */
  readonly connectTimeout?: number;
  readonly signal?: AbortSignal;
  /** Sent first, in plain text, below TLS: a PROXY header. Default: none. */
  readonly header?: Buffer | null;
  /** Called as each stage ends, also the one that fails. */
  readonly onStage?: (stage: Stage) => void;
  /** Who logs in, where it is not the target's user: a user, or who gives credentials when they are needed. */
  readonly credentials?:
    | CredentialsProvider
    | { readonly username: string | null; readonly password: string | null }
    | undefined;
  /**
   * Takes a connection on which the server wants a password and none was given, instead of giving it up (`AUTH_REQUIRED`): whoever
   * keeps it logs in later, as a shell's user does. Only with `protocol: 2`. Default false.
   */
  readonly loginLater?: boolean;
  /** Highest RESP version to ask for. Default 3. */
  readonly protocol?: 2 | 3;
  /** For `CLIENT SETINFO`; null sends none. */
  readonly library?: { readonly name: string; readonly version: string } | null;
}
