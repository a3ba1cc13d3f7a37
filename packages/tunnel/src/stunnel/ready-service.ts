import { verificationText } from "./findings.ts";
import type { Log, Logger } from "./log.ts";
import { loadMaterial, type Material } from "./material.ts";
import type { Service } from "./service.ts";
import { Sessions } from "./sessions.ts";
import { Targets } from "./targets.ts";

/** A section with its files read and its names looked up. */
export interface ReadyService {
  readonly service: Service;
  readonly material: Material;
  readonly targets: Targets;
  /** Where clients go whose certificate is refused; null where they are cut. */
  readonly redirect: Targets | null;
  readonly sessions: Sessions;
}

/**
 * Reads a section's files and looks its names up.
 * @throws RedoubtError `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`, `CONFIG_INVALID_VALUE`
 */
export async function makeReady(service: Service, log: Log): Promise<ReadyService> {
  const ui = log.for("ui", service.debug);
  ui(6, `Initializing service [${service.name}]`);
  const material = loadMaterial(service);
  warn(service, ui);
  ui(5, `Service [${service.name}]: ${verificationText(service)}`);
  return {
    service,
    material,
    targets: await Targets.find(service.connect, service, ui),
    redirect: service.redirect.length === 0 ? null : await Targets.find(service.redirect, service, ui),
    sessions: new Sessions(service.tls.sessions, service.tls.sessionLife),
  };
}

/** stunnel's own warnings, word by word. */
function warn({ name, client, verification }: Service, ui: Logger): void {
  const { chain, peer, hosts, addresses, emails } = verification;
  if (!client || peer) return;
  if (!chain) return ui(4, `Service [${name}] needs authentication to prevent MITM attacks`);
  if (hosts.length + addresses.length + emails.length > 0) return;
  ui(4, `Service [${name}] uses "verifyChain" without subject checks`);
  ui(4, 'Use "checkHost" or "checkIP" to restrict trusted certificates');
}
