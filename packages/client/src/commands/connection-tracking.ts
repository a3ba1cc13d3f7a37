import { type OneOrMore, onlyOne, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";

/** Client-side caching: the server tells when keys that were read change. */

const CLIENT_CACHING = spec("CLIENT CACHING", { keys: null });
const CLIENT_GETREDIR = spec("CLIENT GETREDIR", { keys: null });
const CLIENT_TRACKING = spec("CLIENT TRACKING", { keys: null });
const CLIENT_TRACKINGINFO = spec("CLIENT TRACKINGINFO", { keys: null, shape: "object" });

/** Options of {@link clientTracking}. */
export interface ClientTrackingOptions {
  /** Number of the connection that is told instead. */
  readonly REDIRECT?: number | undefined;
  /** Do not tell what this connection changed itself. */
  readonly NOLOOP?: boolean | undefined;
  /** Tell of all keys, or of those that begin with `PREFIX`, whether they were read or not. */
  readonly BCAST?: boolean | undefined;
  readonly PREFIX?: OneOrMore | undefined;
  /** Only keys read right after {@link clientCaching} with true. */
  readonly OPTIN?: boolean | undefined;
  /** No keys read right after {@link clientCaching} with false. */
  readonly OPTOUT?: boolean | undefined;
}

/** How this connection is told. */
export interface TrackingInfo {
  readonly flags: string[];
  /** Number of a connection; 0: none, -1: off. */
  readonly redirect: number;
  readonly prefixes: string[];
}

/** Whether the keys of the next command are tracked. */
export function clientCaching(value: boolean): Command<"OK"> {
  return command(CLIENT_CACHING, [value ? "YES" : "NO"]);
}

/** The connection that is told instead; 0: none, -1: tracking is off. */
export function clientGetRedir(): Command<number> {
  return command(CLIENT_GETREDIR, []);
}

/**
 * Switches tracking on or off.
 * @throws RedoubtError CONFIG_INVALID_VALUE when `BCAST`, `OPTIN` and `OPTOUT` come together.
 */
export function clientTracking(mode: boolean, options: ClientTrackingOptions = {}): Command<"OK"> {
  if (!mode) return command(CLIENT_TRACKING, ["OFF"]);
  const { BCAST, OPTIN, OPTOUT, PREFIX } = options;
  const args: RedisArgument[] = ["ON"];
  if (options.REDIRECT !== undefined) args.push("REDIRECT", options.REDIRECT);
  const scope = onlyOne(CLIENT_TRACKING, {
    BCAST: BCAST && "BCAST",
    OPTIN: OPTIN && "OPTIN",
    OPTOUT: OPTOUT && "OPTOUT",
  });
  if (scope !== undefined) args.push(scope);
  if (PREFIX !== undefined)
    for (const prefix of several(CLIENT_TRACKING, "PREFIX", PREFIX)) args.push("PREFIX", prefix);
  if (options.NOLOOP) args.push("NOLOOP");
  return command(CLIENT_TRACKING, args);
}

/** How tracking is set up on this connection. */
export function clientTrackingInfo(): Command<TrackingInfo> {
  return command(CLIENT_TRACKINGINFO, []);
}
