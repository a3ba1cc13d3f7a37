import { statSync } from "node:fs";
import { isIP } from "node:net";
import type { Service } from "./service.ts";
import { type Endpoint, endpointText } from "./values/address.ts";

/** A weak point of a section. */
export interface StunnelFinding {
  /** Stable; for programs. */
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  /** What is the matter, a sentence. */
  readonly message: string;
  /** Lines of `stunnel.conf` that close the gap; empty where something else is to be done. */
  readonly lines: readonly string[];
  /** What to do, where lines do not say it. */
  readonly fix: string;
}

/** What Debian, and what Red Hat, trust. */
const publicBundles =
  /^\/etc\/(?:ssl\/certs\/ca-certificates\.crt|ssl\/certs|pki\/tls\/certs\/ca-bundle\.crt|ssl\/cert\.pem)\/?$/;

/** The weak points of a section, the gravest first. */
export function findingsOf(service: Service): StunnelFinding[] {
  return [
    ...(service.client ? verificationFindings(service) : []),
    ...(service.client ? exposure(service) : plainBackend(service)),
    ...unusedTrust(service),
    ...oldVersions(service),
    ...readableKey(service),
  ];
}

/** What is verified, in a plain sentence. */
export function verificationText(service: Service): string {
  const { chain, peer, required, requested, hosts, addresses, emails } = service.verification;
  const trusted = service.files.ca ?? service.files.caDirectory ?? "";
  const names = [...hosts, ...addresses, ...emails].join(" or ");
  const whose = service.client ? "The server's certificate" : "A client's certificate";
  if (!chain && !peer) {
    if (service.client) return "The server's certificate is not verified at all.";
    return requested && required
      ? "A client must show a certificate, and any will do."
      : "Clients are not asked for a certificate that counts: whoever reaches the port gets through to Redis.";
  }
  const demands = [
    ...(peer ? [`is itself in ${trusted}`] : []),
    ...(chain ? [`comes from a CA in ${trusted}`] : []),
    ...(names === "" ? [] : [`is for ${names}`]),
  ];
  const optional = !service.client && !required ? " (a client without one is let in, too)" : "";
  const open = chain && !peer && names === "" && service.client ? "; its name is not compared" : "";
  return `${whose} is accepted if it ${demands.join(" and ")}${open}${optional}.`;
}

function verificationFindings(service: Service): StunnelFinding[] {
  const { chain, peer, hosts, addresses, emails } = service.verification;
  if (peer) return [];
  const nameLine = nameLineFor(service.connect);
  if (!chain)
    return [
      {
        code: "not-verified",
        severity: "error",
        message:
          "Whoever stands between can pose as the server, and read and change everything, passwords included.",
        lines: [
          "verifyChain = yes",
          `CAfile = ${service.files.ca ?? "/etc/ssl/certs/ca-certificates.crt"}`,
          nameLine,
        ],
        fix:
          service.files.ca === null
            ? "If your provider gives you a CA certificate of its own, name that file as CAfile."
            : "",
      },
    ];
  if (hosts.length + addresses.length + emails.length > 0) return [];
  const isPublic =
    publicBundles.test(service.files.ca ?? "") || publicBundles.test(service.files.caDirectory ?? "");
  return [
    {
      code: "name-not-verified",
      severity: isPublic ? "error" : "warning",
      message: isPublic
        ? "Anybody who owns any domain has a certificate of a public CA, and passes for the server with it."
        : "Every certificate of that CA passes for the server: also that of another customer, where the CA is your provider's.",
      lines: [nameLine],
      fix: "",
    },
  ];
}

function nameLineFor(connect: readonly Endpoint[]): string {
  const [first] = connect;
  if (first === undefined || !("host" in first)) return "checkHost = NAME IN THE CERTIFICATE";
  return isIP(first.host) === 0 ? `checkHost = ${first.host}` : `checkIP = ${first.host}`;
}

function exposure({ accept }: Service): StunnelFinding[] {
  return accept.flatMap(({ endpoint }) => {
    if (isLocal(endpoint) || !("port" in endpoint)) return [];
    const finding: StunnelFinding = {
      code: "plain-listener-exposed",
      severity: "warning",
      message: `Other machines can come in by ${endpointText(endpoint)}, in plain text and with this tunnel's access.`,
      lines: [`accept = 127.0.0.1:${endpoint.port}`],
      fix: "",
    };
    return [finding];
  });
}

function plainBackend({ connect }: Service): StunnelFinding[] {
  const remote = connect.filter((endpoint) => !isLocal(endpoint));
  if (remote.length === 0) return [];
  return [
    {
      code: "plain-backend",
      severity: "warning",
      message: `What TLS protected up to here goes on to ${remote.map(endpointText).join(", ")} in plain text.`,
      lines: [],
      fix: "Run the tunnel on the machine of the Redis and connect to 127.0.0.1, or keep that network to the two of them.",
    },
  ];
}

function unusedTrust({ client, files, verification }: Service): StunnelFinding[] {
  if ((files.ca === null && files.caDirectory === null) || verification.chain || verification.peer) return [];
  return [
    {
      code: "ca-without-verification",
      severity: client ? "info" : "warning",
      message: "CAfile or CApath alone verifies nothing.",
      lines: ["verifyChain = yes"],
      fix: "",
    },
  ];
}

function oldVersions({ tls }: Service): StunnelFinding[] {
  const reachable = /@SECLEVEL=0/i.test(tls.ciphers) && /^TLSv1(?:\.1)?$/.test(tls.minVersion);
  if (!reachable) return [];
  return [
    {
      code: "old-tls",
      severity: "warning",
      message: "TLS 1.0 or 1.1 can be agreed on, which are broken.",
      lines: ["sslVersionMin = TLSv1.2"],
      fix: "",
    },
  ];
}

function readableKey({ files }: Service): StunnelFinding[] {
  if (files.key === null) return [];
  let mode: number;
  try {
    ({ mode } = statSync(files.key));
  } catch {
    return [];
  }
  if ((mode & 0o007) === 0) return [];
  return [
    {
      code: "key-readable-by-all",
      severity: "warning",
      message: `Every user of this machine can read the private key ${files.key}.`,
      lines: [],
      fix: `Run: chmod 600 ${files.key}`,
    },
  ];
}

function isLocal(endpoint: Endpoint): boolean {
  if ("path" in endpoint) return true;
  const { host } = endpoint;
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
