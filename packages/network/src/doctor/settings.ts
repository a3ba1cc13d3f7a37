import type { Target } from "@redoubt/client";
import type { DialOptions } from "@redoubt/client/net";
import type { DoctorOptions } from "./options.ts";

/** {@link DoctorOptions} with everything decided. */
export interface DoctorSettings {
  readonly resolvers: readonly string[];
  readonly resolverFile: string;
  readonly timeout: number;
  readonly latency: number;
  readonly idle: number;
  readonly dependencies: boolean;
  readonly setGet: boolean;
  readonly thorough: boolean;
  readonly signal: AbortSignal;
  readonly progress: (what: string) => void;
  /** How every connection of the examination is opened. */
  readonly dial: DialOptions & { readonly signal: AbortSignal };
}

/** Decides what was not said. */
export function settingsOf(options: DoctorOptions): DoctorSettings {
  const signal = options.signal ?? new AbortController().signal;
  return {
    resolvers: options.resolvers ?? [],
    resolverFile: options.resolverFile ?? "/etc/resolv.conf",
    timeout: options.timeout ?? 2000,
    latency: options.latency ?? 1000,
    idle: options.idle ?? 0,
    dependencies: options.dependencies ?? false,
    setGet: options.setGet ?? false,
    thorough: options.thorough ?? false,
    signal,
    progress: options.onProgress ?? (() => {}),
    dial: {
      signal,
      ...(options.connectTimeout !== undefined && { connectTimeout: options.connectTimeout }),
      ...(options.tls !== undefined && { tls: options.tls }),
      ...(options.credentials !== undefined && { credentials: options.credentials }),
    },
  };
}

/** Options of a client that connects as the dial does. */
export function clientOptions(target: Target, { dial, timeout }: DoctorSettings) {
  const { tls, credentials, connectTimeout = target.timeouts.connectMs ?? 5000 } = dial;
  const provider = credentials !== undefined && "get" in credentials ? credentials : undefined;
  return {
    target,
    socket: { connectTimeout: Math.max(connectTimeout, timeout) },
    ...(tls !== undefined && { tls }),
    ...(provider !== undefined && { credentials: provider }),
  };
}
