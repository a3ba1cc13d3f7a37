import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Cache } from "../../model/cache.ts";
import { type LabServer, serverDirectives, serversOf, socketPath } from "../servers.ts";
import { startDaemon } from "./daemon.ts";
import { labFailed } from "./failure.ts";
import { type LabProcess, labFolder, namespaceOf } from "./state.ts";

/** Where the authority and the certificates of a laboratory lie. */
export function certificateFiles(folder: string, cache: string) {
  return {
    caFile: join(folder, "ca.pem"),
    certFile: join(folder, `${cache}.pem`),
    keyFile: join(folder, `${cache}.key`),
  };
}

/** What all servers of a cache have in common. */
export interface CacheSetting {
  readonly lab: { readonly id: string; readonly name: string; readonly password: string };
  readonly cache: Cache;
  /** Name of its machine. */
  readonly machine: string;
  readonly address: string;
}

/** Starts the servers of a cache, and makes them one cluster where they are to be one. */
export async function startCache(setting: CacheSetting): Promise<LabProcess[]> {
  const { servers } = serversOf(setting.cache);
  const started = await Promise.all(servers.map((server) => startServer(server, setting)));
  if (servers.some(({ slots }) => slots !== null)) await formCluster(servers, setting);
  return started;
}

async function startServer(server: LabServer, { lab, machine, address }: CacheSetting): Promise<LabProcess> {
  const { findBinary, formatConfig } = await import("@redoubt/server/launch");
  const folder = serverFolder(lab.name, machine, server);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const configFile = join(folder, "redis.conf");
  const directives = serverDirectives(server, {
    folder,
    address,
    password: lab.password,
    ...certificateFiles(labFolder(lab.name), machine),
  });
  writeFileSync(configFile, formatConfig(directives), { mode: 0o600 });
  const id = await startDaemon({
    namespace: namespaceOf(lab.id, machine),
    words: [await findBinary(), configFile],
    logFile: join(folder, "redis.log"),
    folder,
    isReady: (log) => log.includes("Ready to accept connections"),
  });
  return { name: server.name, machine, ...id };
}

function serverFolder(lab: string, machine: string, { name }: LabServer): string {
  return join(labFolder(lab), machine, name);
}

/** Gives every node its slots, lets them meet, and waits until each says that all slots are served. */
async function formCluster(
  servers: readonly LabServer[],
  { lab, machine, address }: CacheSetting,
): Promise<void> {
  const { ControlConnection } = await import("@redoubt/server");
  const nodes = await Promise.all(
    servers.map(async (server) => ({
      server,
      control: await ControlConnection.open({
        host: "",
        port: 0,
        path: socketPath(serverFolder(lab.name, machine, server)),
        password: lab.password,
      }),
    })),
  );
  try {
    for (const [index, { server, control }] of nodes.entries()) {
      const info = String(await control.call("CLUSTER", "INFO"));
      // A node that was rebooted knows its slots and the others from its own file.
      if (server.slots === null || !info.includes("cluster_slots_assigned:0")) continue;
      await control.call("CLUSTER", "SET-CONFIG-EPOCH", String(index + 1));
      await control.call("CLUSTER", "ADDSLOTSRANGE", ...server.slots.map(String));
    }
    const [first, ...others] = nodes;
    const deadline = Date.now() + 30_000;
    for (let round = 0; ; round++) {
      // News may get lost between nodes that have just met.
      if (round % 50 === 0)
        for (const { server } of others)
          await first?.control.call(
            "CLUSTER",
            "MEET",
            address,
            String(server.tlsPort),
            String(server.tlsPort + 10_000),
          );
      const infos = await Promise.all(nodes.map(({ control }) => control.call("CLUSTER", "INFO")));
      const isWhole = (info: unknown) =>
        String(info).includes("cluster_state:ok") &&
        String(info).includes(`cluster_known_nodes:${nodes.length}\r`);
      if (infos.every(isWhole)) return;
      if (Date.now() > deadline) throw labFailed(`forming the cluster on ${machine}`, String(infos[0]));
      await delay(50);
    }
  } finally {
    for (const { control } of nodes) control.close();
  }
}
