import type { RedoubtError } from "@redoubt/client";
import { findingsOf, type StunnelFinding, verificationText } from "./findings.ts";
import { loadMaterial } from "./material.ts";
import { resolve } from "./resolve.ts";
import type { Service } from "./service.ts";
import { parseSource, type StunnelSource } from "./source.ts";
import { endpointText } from "./values/address.ts";

/** What a check found about a section. */
export interface StunnelSectionReport {
  readonly name: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `client`: TLS is spoken to `connect`. `server`: to whom is accepted. */
  readonly mode: "client" | "server";
  readonly accept: readonly string[];
  readonly connect: readonly string[];
  readonly verifies: {
    readonly chain: boolean;
    readonly peer: boolean;
    readonly name: boolean;
  };
  /** What is and is not verified, a sentence. */
  readonly summary: string;
  readonly findings: readonly StunnelFinding[];
}

/** What a check found about a file. */
export interface StunnelReport {
  readonly files: readonly string[];
  readonly sections: readonly StunnelSectionReport[];
  /** Why the file cannot be run; empty where it can. */
  readonly problems: readonly RedoubtError[];
}

/**
 * Looks for weak points of a configuration without starting anything: what each section does and does not verify, with the
 * lines that close the gap, and everything that is wrong with the file.
 * @throws RedoubtError `CONFIG_FILE` when the file itself cannot be read
 */
export function checkStunnel(source: StunnelSource): StunnelReport {
  const { configuration, problems } = resolve(parseSource(source));
  const sections = configuration.services.map(report);
  return { files: configuration.files, sections, problems };
}

function report(service: Service): StunnelSectionReport {
  const { chain, peer, hosts, addresses, emails } = service.verification;
  return {
    name: service.name,
    file: service.place.file,
    line: service.place.line,
    mode: service.client ? "client" : "server",
    accept: service.accept.map(({ endpoint }) => endpointText(endpoint)),
    connect: service.connect.map(endpointText),
    verifies: { chain, peer, name: hosts.length + addresses.length + emails.length > 0 },
    summary: verificationText(service),
    findings: [...materialFindings(service), ...findingsOf(service)],
  };
}

/** Files that are not here, or not usable: the check may run on another machine than the tunnel. */
function materialFindings(service: Service): StunnelFinding[] {
  if (!service.client && service.files.cert === null) return [];
  try {
    loadMaterial(service);
    return [];
  } catch (error) {
    const { message, hint } = error as RedoubtError;
    return [{ code: "unusable-file", severity: "error", message, lines: [], fix: hint }];
  }
}
