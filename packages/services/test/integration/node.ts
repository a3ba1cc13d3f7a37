import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type RedisServer, type ServerOptions, startServer } from "@redoubt/server";
import { planNamed } from "../../src/catalog/plans.ts";
import { settingsOf } from "../../src/catalog/settings.ts";
import type { NodeHandle, ServiceContext } from "../../src/contract/node-handle.ts";

/** A private folder that goes away at the end of the block. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "redoubt-services-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** A real server as the modules of a service see one. */
export interface TestNode extends NodeHandle, AsyncDisposable {
  readonly server: RedisServer;
}

/** Starts a server that keeps its data in `folder/nodes/NAME/data`, with an append-only file, as services do. */
export async function startNode(
  folder: string,
  name = "redis-1",
  { config = [], ...options }: ServerOptions = {},
): Promise<TestNode> {
  const own = join(folder, "nodes", name);
  const dataFolder = join(own, "data");
  const server = await startServer({
    ...options,
    directory: dataFolder,
    config: ["enable-debug-command yes", ...config],
  });
  return {
    server,
    name,
    kind: "data",
    folder: own,
    dataFolder,
    port: server.tlsPort ?? 0,
    socket: "",
    get pid() {
      return server.pid ?? null;
    },
    control: () => server.control(),
    async stop() {
      if (server.pid === undefined) return;
      await server.command("SHUTDOWN", "NOSAVE").catch(() => {});
      while (server.pid !== undefined) await delay(20);
    },
    start: () => server.restart(),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** What the keeper lends its modules, for nodes of a test. */
export function contextOf(
  folder: string,
  nodes: readonly NodeHandle[],
  more: Partial<ServiceContext> = {},
): ServiceContext & { readonly said: readonly string[] } {
  const said: string[] = [];
  return {
    name: "test",
    folder,
    nodes,
    sentinels: [],
    primary: nodes[0] ?? null,
    created: Date.now(),
    topology: "single",
    settings: settingsOf("redis", planNamed("startup-1"), {}),
    backupDays: 1,
    program: "redis-server",
    caFile: "",
    certificate: { certFile: "", keyFile: "" },
    operator: { username: "operator", password: "" },
    userRules: ["~*", "&*", "+@all"],
    signal: new AbortController().signal,
    say: (sentence) => said.push(sentence),
    said,
    alone: (work) => work(),
    failOver: () => Promise.resolve(),
    rotateCertificate: () => Promise.resolve(),
    ...more,
  };
}
