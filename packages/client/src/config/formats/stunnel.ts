import { endpointText, isDnsName } from "../endpoint.ts";
import { notExpressible, refuseUnverified, singleEndpoint } from "../settings.ts";
import type { Target } from "../target.ts";

/** Debian's and Alpine's list of CAs: stunnel has none of its own. */
const systemCAs = "/etc/ssl/certs/ca-certificates.crt";

/**
 * A service section of stunnel that verifies what it connects to. User, password and database are not part of it: the
 * program behind the tunnel sends them.
 */
export function formatStunnel(target: Target): string {
  const { tls } = target;
  const endpoint = singleEndpoint(target, "stunnel");
  refuseUnverified(target, "stunnel");
  if (!tls.enabled) throw notExpressible("stunnel", "a connection without TLS");
  if (tls.pins.length > 0) throw notExpressible("stunnel", "pins of public keys");
  if (tls.passphrase !== null) throw notExpressible("stunnel", "the passphrase of a key");
  if (target.sentinel !== null) throw notExpressible("stunnel", "Sentinels");
  const name = tls.servername ?? endpoint.host;
  const check = isDnsName({ host: name }) ? "checkHost" : "checkIP";
  const lines: [string, string | null][] = [
    ["client", "yes"],
    ["accept", "127.0.0.1:6379"],
    ["connect", endpointText(endpoint)],
    ["delay", "yes"],
    ["sni", check === "checkHost" ? name : ""],
    ["verifyChain", "yes"],
    ["CAfile", tls.caFile === null || tls.caFile === "system" ? systemCAs : tls.caFile],
    [check, tls.verify === "full" ? name : null],
    ["cert", tls.certFile ?? tls.pfxFile],
    ["key", tls.keyFile],
    ["sslVersionMin", tls.minVersion ?? "TLSv1.2"],
    ["sslVersionMax", tls.maxVersion],
    ["ciphers", tls.ciphers],
  ];
  const body = lines.flatMap(([key, value]) => (value === null ? [] : [`${key} = ${oneLine(value)}`]));
  return ["[redis]", ...body].join("\n");
}

function oneLine(value: string): string {
  if (/[\r\n\0]/.test(value)) throw notExpressible("stunnel", "a value of more than one line");
  return value;
}
