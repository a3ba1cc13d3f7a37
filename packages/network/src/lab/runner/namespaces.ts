import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { namespacePrefix } from "./state.ts";
import { attempt, must } from "./system.ts";

/** What `ip netns exec` puts in place of `/etc/…` inside a namespace lies here. */
const etc = "/etc/netns";

/** Where named namespaces are. */
const run = "/run/netns";

/** Makes a namespace. @throws RedoubtError `LAB_FAILED` */
export async function addNamespace(namespace: string): Promise<void> {
  await must(`making the namespace ${namespace}`, "ip", ["netns", "add", namespace]);
}

/**
 * Says which DNS servers are asked inside a namespace. The host's own names, files of hosts and resolver services are not
 * looked at there.
 */
export function writeResolver(namespace: string, servers: readonly string[]): void {
  const folder = join(etc, namespace);
  mkdirSync(folder, { recursive: true });
  const lines = servers.map((server) => `nameserver ${server}`);
  const files = {
    "resolv.conf": [...lines, "options timeout:1 attempts:2", ""].join("\n"),
    hosts: "127.0.0.1 localhost\n",
    "nsswitch.conf": "hosts: files dns\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Names of all namespaces of laboratories, or of the one with that id. */
export function namespacesOf(id = ""): string[] {
  const prefix = id === "" ? namespacePrefix : `${namespacePrefix}${id}-`;
  return [...namesIn(run), ...namesIn(etc)]
    .filter((name) => name.startsWith(prefix))
    .filter((name, index, all) => all.indexOf(name) === index);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Removes namespaces with everything in them: whatever runs there is ended, whoever started it.
 *
 * @throws RedoubtError `LAB_FAILED` where one cannot be removed
 */
export async function removeNamespaces(namespaces: readonly string[]): Promise<void> {
  await endProcesses(namespaces);
  for (const namespace of namespaces) {
    if (existsSync(join(run, namespace)))
      await must(`removing the namespace ${namespace}`, "ip", ["netns", "delete", namespace]);
    rmSync(join(etc, namespace), { recursive: true, force: true });
  }
  // Empty: nobody else has anything there, and it was not there before.
  if (existsSync(etc) && namesIn(etc).length === 0) rmdirSync(etc);
}

/** Ends what runs in namespaces: first in peace, after two seconds by force. */
async function endProcesses(namespaces: readonly string[]): Promise<void> {
  for (const [signal, patience] of [
    ["SIGTERM", 2_000],
    ["SIGKILL", 5_000],
  ] as const) {
    const deadline = Date.now() + patience;
    let pids = await processesIn(namespaces);
    for (const pid of pids) kill(pid, signal);
    while (pids.length > 0 && Date.now() < deadline) {
      await delay(20);
      pids = await processesIn(namespaces);
    }
    if (pids.length === 0) return;
  }
}

async function processesIn(namespaces: readonly string[]): Promise<number[]> {
  const lists = await Promise.all(
    namespaces
      .filter((namespace) => existsSync(join(run, namespace)))
      .map((namespace) => attempt("ip", ["netns", "pids", namespace])),
  );
  return lists.flatMap(({ stdout }) => stdout.split("\n").filter(Boolean).map(Number));
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {}
}
