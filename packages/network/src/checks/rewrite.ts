import { type Endpoint, format, RedoubtError, type Target } from "@redoubt/client";
import type { DoctorFix } from "./finding.ts";

/** A change of the connection string, in the dialect that it was given in, password masked. */
export function rewrite(target: Target, changed: Target, says: string): DoctorFix {
  return { says, command: null, before: written(target), after: written(changed) };
}

/** The same target with one endpoint led elsewhere. */
export function withEndpoint(target: Target, from: Endpoint, to: Partial<Endpoint>): Target {
  return {
    ...target,
    endpoints: target.endpoints.map((one) =>
      one.host === from.host && one.port === from.port ? { ...one, ...to } : one,
    ),
  };
}

/** The same target with this name to verify. */
export function withName(target: Target, servername: string | null): Target {
  return { ...target, tls: { ...target.tls, servername } };
}

/** The same target with TLS, or without. */
export function withTls(target: Target, enabled: boolean): Target {
  return { ...target, tls: { ...target.tls, enabled } };
}

/** Files for TLS may have been given beside the string, in a dialect without words for them. */
function written(target: Target): string | null {
  const bare = { ...target, tls: { ...target.tls, caFile: null, certFile: null, keyFile: null } };
  return formatted(target) ?? formatted(bare);
}

function formatted(target: Target): string | null {
  try {
    return format(target, target.dialect);
  } catch (error) {
    // Some strings are read that no dialect can write; then the words have to do.
    if (error instanceof RedoubtError) return null;
    throw error;
  }
}
