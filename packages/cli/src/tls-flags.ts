import { RedoubtError, type Target } from "@redoubt/client";

/** TLS options of the command line, named like redis-cli's. They win over what the connection string says. */
export interface TlsFlags {
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly insecure?: true;
}

/**
 * Puts the flags in place of what the string says.
 *
 * @throws RedoubtError CONFIG_INSECURE for flags of TLS on a target that would be dialled in plain text
 */
export function overrideTls(target: Target, flags: TlsFlags): Target {
  const { cacert, cert, key, servername, insecure } = flags;
  const given = Object.entries({ cacert, cert, key, servername, insecure }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length === 0) return target;
  if (!target.tls.enabled) {
    const names = given.map(([name]) => `--${name}`).join(", ");
    throw new RedoubtError(
      "CONFIG_INSECURE",
      `${names}: the connection string says plain text, without TLS.`,
      {
        hint: "Write rediss:// or ssl=true where you mean TLS; leave the option out where you do not.",
      },
    );
  }
  const { tls } = target;
  return {
    ...target,
    tls: {
      ...tls,
      caFile: cacert ?? tls.caFile,
      certFile: cert ?? tls.certFile,
      keyFile: key ?? tls.keyFile,
      servername: servername ?? tls.servername,
    },
  };
}
