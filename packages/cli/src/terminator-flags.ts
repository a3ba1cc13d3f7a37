import { RedoubtError, type Target } from "@redoubt/client";
import type { Rate, ServedCertificate, TerminatorOptions } from "@redoubt/tunnel";
import type { Invocation } from "./invocation.ts";
import { noteWarnings } from "./notices.ts";
import { withPassword } from "./password.ts";
import { hideSecrets, readTarget } from "./source.ts";

/** What `redoubt terminate` was given. */
export interface TerminatorFlags {
  readonly listen: string;
  readonly exposed?: true;
  readonly cert: readonly string[];
  readonly key: readonly string[];
  readonly strictNames?: true;
  readonly clientCa?: string;
  readonly clientCrl?: string;
  readonly clientCerts?: "required" | "optional";
  readonly allow: readonly string[];
  readonly minVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  readonly maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  readonly ciphers?: string;
  readonly to: readonly string[];
  readonly route: readonly string[];
  readonly insecure?: true;
  readonly idle?: number | "follow";
  readonly spareSubscribers?: true;
  readonly connectTimeout?: number;
  readonly handshakeLimit?: number;
  readonly maxConnections?: number;
  readonly maxPerAddress?: number;
  readonly rate?: Rate;
  readonly proxyFrom: readonly string[];
  readonly sendProxy?: 1 | 2;
  readonly advice?: string;
  readonly health: boolean;
  readonly healthInterval?: number;
  readonly healthRole?: "master" | "any";
  readonly drain?: number;
  readonly workers?: number;
  readonly status?: string;
  readonly statusExposed?: true;
  readonly log: "json" | "text" | "off";
}

/**
 * Makes options of flags. The password of health checks may come from REDOUBT_PASSWORD.
 * @throws RedoubtError of the family `CONFIG_`
 */
export async function terminatorOptions(
  flags: TerminatorFlags,
  invocation: Invocation,
): Promise<TerminatorOptions> {
  const { output } = invocation;
  const sources = flags.to.length === 0 && flags.route.length === 0 ? [[]] : flags.to.map((text) => [text]);
  const to: Target[] = [];
  for (const words of sources) to.push(await backend(words, invocation));
  const routes = [];
  for (const row of flags.route) routes.push(await route(row, invocation));
  const { exposed, idle, connectTimeout, handshakeLimit, sendProxy, advice, drain, status } = flags;
  return {
    listen: flags.listen,
    tls: tlsOf(flags),
    ...(to.length > 0 && { to }),
    routes,
    allow: flags.allow,
    limits: {
      ...(flags.maxConnections !== undefined && { connections: flags.maxConnections }),
      ...(flags.maxPerAddress !== undefined && { connectionsPerAddress: flags.maxPerAddress }),
      ...(flags.rate !== undefined && { rate: flags.rate }),
    },
    health: flags.health
      ? {
          ...(flags.healthInterval !== undefined && { interval: flags.healthInterval }),
          ...(flags.healthRole !== undefined && { role: flags.healthRole }),
        }
      : false,
    ...(flags.insecure && { backendTls: { dangerouslySkipVerification: true } }),
    ...(flags.spareSubscribers && { idleSpares: "subscribers" as const }),
    ...(flags.proxyFrom.length > 0 && { proxyFrom: flags.proxyFrom }),
    ...(exposed !== undefined && { exposed }),
    ...(idle !== undefined && { idleLimit: idle }),
    ...(connectTimeout !== undefined && { connectTimeout }),
    ...(handshakeLimit !== undefined && { handshakeLimit }),
    ...(sendProxy !== undefined && { sendProxy }),
    ...(advice !== undefined && { advice }),
    ...(drain !== undefined && { drainLimit: drain }),
    ...(status !== undefined && {
      status: { at: status, ...(flags.statusExposed !== undefined && { exposed: true }) },
    }),
    ...(flags.log !== "off" && {
      accessLog: {
        format: flags.log,
        // JSON is for programs and stays as it is; text may be looked at on a terminal.
        write: (line: string) => (flags.log === "json" ? output.exact(line) : output.line(line)),
      },
    }),
    say: (sentence) => output.note(output.foreign(sentence)),
  };
}

function tlsOf(flags: TerminatorFlags): TerminatorOptions["tls"] {
  const { cert, key, clientCa, clientCrl, clientCerts, minVersion, maxVersion, ciphers } = flags;
  if (key.length > 0 && key.length !== cert.length)
    throw new RedoubtError(
      "CONFIG_MISSING",
      `${cert.length} times --cert and ${key.length} times --key: each certificate needs its key.`,
      {
        hint: "Give one --key for each --cert, in the same order; or none, where the key is in the same file.",
      },
    );
  const certificates = cert.map((certFile, i): ServedCertificate => {
    const keyFile = key[i];
    return { certFile, ...(keyFile !== undefined && { keyFile }) };
  });
  return {
    certificates,
    ...(flags.strictNames && { strictNames: true }),
    ...(clientCa !== undefined && { clientCaFile: clientCa, clientCertificates: clientCerts ?? "required" }),
    ...(clientCa === undefined && clientCerts !== undefined && { clientCertificates: clientCerts }),
    ...(clientCrl !== undefined && { clientCrlFile: clientCrl }),
    ...(minVersion !== undefined && { minVersion }),
    ...(maxVersion !== undefined && { maxVersion }),
    ...(ciphers !== undefined && { ciphers }),
  };
}

async function route(row: string, invocation: Invocation) {
  const [names = "", text = ""] = cut(row);
  if (names === "" || text === "")
    throw new RedoubtError("CONFIG_SYNTAX", "--route takes NAME[,NAME…]=CONNECTION-STRING.", {
      hint: "For example: --route '*.a.example=redis://10.0.0.4:6379'.",
    });
  return { names: names.split(","), to: await backend([text], invocation) };
}

/** At the first `=`: connection strings may have more of them. */
function cut(row: string): string[] {
  const at = row.indexOf("=");
  return at < 0 ? [] : [row.slice(0, at), row.slice(at + 1)];
}

async function backend(words: readonly string[], invocation: Invocation): Promise<Target> {
  const target = await withPassword(await readTarget({ words }, invocation), false, invocation);
  hideSecrets(target, invocation);
  noteWarnings(target, invocation.output);
  return target;
}
