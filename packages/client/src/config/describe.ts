import type { Secret } from "./secret.ts";
import type { Dialect, Target, TlsVersion, Verification, Warning } from "./target.ts";

/** A target as JSON: the stable schema wherever a target is shown. Absent things are `null`. */
export interface TargetDescription {
  readonly dialect: Dialect;
  readonly endpoints: readonly { readonly host: string; readonly port: number }[];
  readonly tls: {
    readonly enabled: boolean;
    readonly servername: string | null;
    readonly minVersion: TlsVersion | null;
    readonly maxVersion: TlsVersion | null;
    readonly verify: Verification;
  };
  readonly username: string | null;
  /** `*****` unless revealed. */
  readonly password: string | null;
  readonly database: number | null;
  readonly clientName: string | null;
  readonly sentinel: { readonly masterName: string } | null;
  readonly timeouts: { readonly connectMs: number | null; readonly commandMs: number | null };
  readonly provider: string | null;
  readonly warnings: readonly Warning[];
}

const shown = (secret: Secret | null, reveal: boolean) =>
  secret === null ? null : reveal ? secret.reveal() : secret.toString();

/** Describes a target; the password is masked unless it is to be revealed. */
export function describeTarget(
  target: Target,
  { reveal = false }: { readonly reveal?: boolean } = {},
): TargetDescription {
  const { dialect, endpoints, tls, username, password, database, clientName, sentinel, timeouts } = target;
  const { enabled, servername, minVersion, maxVersion, verify } = tls;
  return {
    dialect,
    endpoints: endpoints.map(({ host, port }) => ({ host, port })),
    tls: { enabled, servername, minVersion, maxVersion, verify },
    username,
    password: shown(password, reveal),
    database,
    clientName,
    sentinel: sentinel === null ? null : { masterName: sentinel.masterName },
    timeouts: { connectMs: timeouts.connectMs, commandMs: timeouts.commandMs },
    provider: target.provider,
    warnings: target.warnings.map(({ code, message, position }) => ({ code, message, position })),
  };
}
