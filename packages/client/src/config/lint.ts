import { isDnsName } from "./endpoint.ts";
import { type NoticeCode, noticeTable, type Severity } from "./notices.ts";
import { parse } from "./parse.ts";
import type { Provider } from "./providers/provider.ts";
import { providerNamed } from "./providers/registry.ts";
import type { Target } from "./target.ts";

/** Something to know or to mend about a connection string. */
export interface Finding {
  readonly code: NoticeCode;
  readonly severity: Severity;
  readonly message: string;
  /** Index into the text, UTF-16 units from 0, or `null`. */
  readonly position: number | null;
  readonly fix: string;
}

const order: readonly Severity[] = ["error", "warning", "info"];

/**
 * Looks for weak points: what the parser warned of, and what the vendor's profile and the target itself tell. The gravest
 * first.
 *
 * @throws RedoubtError as {@link parse} does, where a text is given and refused
 */
export function lint(input: Target | string): Finding[] {
  const target = typeof input === "string" ? parse(input) : input;
  const provider = providerNamed(target.provider);
  const findings = [
    ...target.warnings.map(({ code, message, position }) => finding(code as NoticeCode, message, position)),
    ...transport(target, provider),
    ...credentials(target),
    ...(provider?.notes ?? []).map((note) => finding("provider-note", note)),
  ];
  return findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function finding(code: NoticeCode, message: string, position: number | null = null): Finding {
  return { code, ...noticeTable[code], message, position };
}

function transport({ tls, endpoints }: Target, provider: Provider | null): Finding[] {
  const findings: Finding[] = [];
  const local = endpoints.every(
    ({ host, path }) => path !== undefined || /^(localhost\.?|127\..*|::1)$/i.test(host),
  );
  if (!tls.enabled && provider === null && !local) {
    findings.push(finding("plain-text", "Password and data travel as plain text"));
  }
  for (const { port } of endpoints) {
    const expected = provider?.tlsPort ?? null;
    if (!tls.enabled || provider === null || expected === null || port === expected) continue;
    if (port === provider.plainPort) {
      const message = `TLS on port ${port}, which is the port without TLS of ${provider.title}; TLS is on ${expected}`;
      findings.push(finding("tls-on-plain-port", message));
    } else if (provider.name === "azure-managed-redis" && port === 6380) {
      findings.push(finding("wrong-port", `${provider.title} listens on ${expected}, not on 6380`));
    }
  }
  if (tls.enabled && tls.servername === null && endpoints.some((endpoint) => !isDnsName(endpoint))) {
    const message =
      "The certificate must carry the address itself, because no name is known: say servername=…";
    findings.push(finding("no-servername", message));
  }
  return findings;
}

function credentials({ password, tls, provider }: Target): Finding[] {
  if (password !== null || tls.certFile !== null || tls.pfxFile !== null) return [];
  const tokens = provider?.startsWith("azure") ? " (for Azure with Entra ID that is right)" : "";
  return [finding("no-password", `The string holds no password${tokens}`)];
}
