import type { RedoubtError } from "@redoubt/client";
import { groupId, userId } from "./accounts.ts";
import type { ParsedFile } from "./parse.ts";
import { problemAt } from "./place.ts";
import { resolveService } from "./resolve-service.ts";
import type { ProcessSettings, Service } from "./service.ts";
import type { Setting } from "./settings.ts";
import { type Endpoint, endpointText } from "./values/address.ts";

/** A configuration that can be run. */
export interface Configuration {
  readonly process: ProcessSettings;
  readonly services: readonly Service[];
  readonly files: readonly string[];
}

/** Fills in defaults, and finds contradictions: first in each section, then between them. */
export function resolve(parsed: ParsedFile): { configuration: Configuration; problems: RedoubtError[] } {
  const problems = [...parsed.problems];
  const process = resolveProcess(parsed, problems);
  if (parsed.sections.length === 0 && problems.length === 0) problems.push(noSection(parsed));
  const services = parsed.sections.map((section) => resolveService(section, process.debug, problems));
  betweenServices(services, problems);
  return { configuration: { process, services, files: parsed.files }, problems };
}

function resolveProcess({ globals }: ParsedFile, problems: RedoubtError[]): ProcessSettings {
  const account = (
    setting: Setting<string> | undefined,
    find: (name: string) => number | null,
    what: string,
  ): number | null => {
    if (setting === undefined) return null;
    const id = find(setting.value);
    if (id === null)
      problems.push(
        problemAt(
          setting.place,
          "CONFIG_INVALID_VALUE",
          what,
          "Name a user or group of this machine, or its number.",
        ),
      );
    return id;
  };
  const debug = globals.last("debug")?.value;
  const foreground = globals.last("foreground")?.value ?? "no";
  return {
    foreground,
    debug: debug?.level ?? 5,
    facility: debug?.facility ?? 3,
    output: globals.last("output")?.value ?? null,
    overwrite: globals.last("log")?.value === "overwrite",
    // In the foreground there is somebody who reads stderr; in the background nobody would.
    syslog: globals.last("syslog")?.value ?? foreground === "no",
    serviceName: globals.last("service")?.value ?? "stunnel",
    pidFile: globals.last("pid")?.value || null,
    uid: account(globals.last("setuid"), userId, "Illegal UID"),
    gid: account(globals.last("setgid"), groupId, "Illegal GID"),
  };
}

/** Without a section stunnel serves one connection on stdin for inetd. */
function noSection({ files }: ParsedFile): RedoubtError {
  const [file = ""] = files;
  return problemAt(
    { file, line: 1, text: "" },
    "CONFIG_MISSING",
    "The file has no section",
    "Put a line like [redis] before accept and connect: starting by inetd, without a section, is not supported.",
  );
}

function betweenServices(services: readonly Service[], problems: RedoubtError[]): void {
  const taken = new Map<string, string>();
  for (const service of services) {
    for (const { endpoint, place } of service.accept) {
      const address = listeningKey(endpoint);
      const other = address === null ? undefined : taken.get(address);
      if (other !== undefined)
        problems.push(
          problemAt(
            place,
            "CONFIG_INVALID_VALUE",
            `Binding service [${service.name}] failed: [${other}] accepts there already`,
            "Give each section an address of its own.",
          ),
        );
      else if (address !== null) taken.set(address, service.name);
    }
    for (const { primary, place } of service.answersFor) {
      const target = services.find(({ name }) => name.toLowerCase() === primary.toLowerCase());
      if (target === undefined || target.client || target.accept.length === 0)
        problems.push(
          problemAt(
            place,
            "CONFIG_INVALID_VALUE",
            `SNI service name not found: "${primary}"`,
            "Name a server section above that has accept: sni = SECTION:PATTERN.",
          ),
        );
    }
  }
}

function listeningKey(endpoint: Endpoint): string | null {
  return "port" in endpoint && endpoint.port === 0 ? null : endpointText(endpoint);
}
