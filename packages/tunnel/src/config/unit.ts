/** What a unit of systemd starts. */
export interface UnitOptions {
  /** The file that `redoubt tunnel --config` reads. Default `/etc/redoubt/tunnel.yaml`. */
  readonly config?: string;
  /** Path of the program. Default `/usr/bin/redoubt`. */
  readonly program?: string;
  /** Environment file with secrets, read by systemd as root; null for none. Default null. */
  readonly environmentFile?: string | null;
}

/**
 * Text of a systemd unit for a tunnel, as a careful admin writes it: a user of its own that exists only while it runs, no
 * writable file but its runtime folder, no privilege, no system call that a network service has no use for.
 * @throws Error for a path that systemd would read otherwise
 */
export function tunnelUnit({
  config = "/etc/redoubt/tunnel.yaml",
  program = "/usr/bin/redoubt",
  environmentFile = null,
}: UnitOptions = {}): string {
  const environment = environmentFile === null ? [] : [`EnvironmentFile=${plain(environmentFile)}`];
  return `${[
    "[Unit]",
    "Description=Redoubt tunnel: TLS and login for Redis programs that have neither",
    "Wants=network-online.target",
    "After=network-online.target",
    "",
    "[Service]",
    "Type=exec",
    ...environment,
    // Read by systemd as root and handed over: the file may belong to root and be closed to everybody else.
    `LoadCredential=tunnel.yaml:${plain(config)}`,
    `ExecStart=${plain(program)} tunnel --config \${CREDENTIALS_DIRECTORY}/tunnel.yaml`,
    "Restart=on-failure",
    "RestartSec=2",
    "TimeoutStopSec=30",
    "LimitNOFILE=65536",
    "",
    "# A user that exists only while this runs; Unix sockets go below /run/redoubt.",
    "DynamicUser=yes",
    "RuntimeDirectory=redoubt",
    "RuntimeDirectoryMode=0755",
    "UMask=0077",
    "",
    "# It needs the network and nothing else.",
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectControlGroups=yes",
    "ProtectProc=invisible",
    "ProcSubset=pid",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "RemoveIPC=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @resources",
    "# Not MemoryDenyWriteExecute: JavaScript is compiled while it runs.",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ].join("\n")}\n`;
}

/** systemd expands `%` and `$`, and splits at blanks. */
function plain(path: string): string {
  if (/^\/[\w./@:+-]+$/.test(path)) return path;
  throw new Error(`${JSON.stringify(path)} is no absolute path of letters, digits and ./@:+-_`);
}
