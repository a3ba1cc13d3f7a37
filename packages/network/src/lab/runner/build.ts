import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Machine } from "../machines.ts";
import { applyLab } from "./apply.ts";
import { writeCertificates } from "./certificates.ts";
import { compileLab } from "./compiled.ts";
import { startDaemon } from "./daemon.ts";
import { addNamespace, writeResolver } from "./namespaces.ts";
import { type LabProcess, type LabState, labFolder, namespaceOf } from "./state.ts";
import { insideWords, must } from "./system.ts";

/** Tells what is being done, for people who wait. */
export type Progress = (what: string) => void;

/**
 * Every machine answers at every rate, so that many refusals at once are all seen, and has no IPv6, as these networks have none. Those
 * settings are of the namespace, and go with it.
 */
const settings = [
  ["ipv4/conf/all/rp_filter", "0"],
  ["ipv4/conf/default/rp_filter", "0"],
  ["ipv4/icmp_ratelimit", "0"],
  ["ipv4/icmp_ratemask", "0"],
  ["ipv6/conf/all/disable_ipv6", "1"],
] as const;

/** What forwards. The internet does not: a packet for a private address that was led there ends there. */
const forwarding = ["ipv4/ip_forward", "1"] as const;

function settingScript({ kind }: Machine): string {
  return [...settings, ...(kind === "fabric" || kind === "gateway" ? [forwarding] : [])]
    .map(([key, value]) => `[ ! -e /proc/sys/net/${key} ] || echo ${value} > /proc/sys/net/${key}`)
    .join("\n");
}

/**
 * Builds what a state describes, whose file has been written: namespaces, links, certificates, the internet, and what
 * {@link applyLab} sets.
 *
 * @returns the programs that run
 * @throws RedoubtError `LAB_FAILED`; what was made by then stays, for whoever cleans up
 */
export async function buildLab(state: LabState, progress: Progress): Promise<LabProcess[]> {
  const folder = labFolder(state.name);
  const compiled = compileLab(state, folder);
  const { machines, links, resolvers } = compiled;
  progress(`${machines.length} machines`);
  for (const machine of machines) {
    const { name } = machine;
    const namespace = namespaceOf(state.id, name);
    await addNamespace(namespace);
    writeResolver(namespace, resolvers.get(name) ?? []);
    await must(`setting up ${name}`, "ip", insideWords(namespace, ["sh", "-ec", settingScript(machine)]));
  }
  await must("linking the machines", "ip", ["-batch", "-"], `${links.root.join("\n")}\n`);
  for (const [name, lines] of links.inside)
    await must(
      `linking ${name}`,
      "ip",
      ["-n", namespaceOf(state.id, name), "-batch", "-"],
      `${lines.join("\n")}\n`,
    );
  progress("certificates");
  await writeCertificates(folder, compiled.plan);
  progress("names, rules, caches");
  const internet = await startDaemon({
    namespace: namespaceOf(state.id, "internet"),
    words: [process.execPath, internetProgram(), folder],
    logFile: join(folder, "internet.log"),
    folder,
    isReady: (log) => log.includes("ready"),
  });
  const processes = [{ name: "internet", machine: "internet", ...internet }];
  return applyLab(compiled, { ...state, processes });
}

/** The built program, also where this is the source. */
function internetProgram(): string {
  const beside = fileURLToPath(new URL("internet.js", import.meta.url));
  return existsSync(beside) ? beside : beside.replace(/([\\/])src([\\/]lab[\\/]runner[\\/])/, "$1dist$2");
}
