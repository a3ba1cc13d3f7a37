import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createTerminator } from "@redoubt/tunnel";
import type { NodeHandle } from "../../../src/contract/node-handle.ts";
import type { SimulationHost } from "../../../src/simulate/host.ts";
import { Disk } from "../../../src/state/disk.ts";
import { contextOf, startNode, type TestNode, temporaryFolder } from "../node.ts";

/** A service as simulations see it, over one real server. */
export interface TestHost extends SimulationHost, AsyncDisposable {
  readonly node: TestNode;
  readonly said: readonly string[];
  readonly simulateFolder: string;
}

export async function testHost(more: Partial<SimulationHost> = {}): Promise<TestHost> {
  const folder = await temporaryFolder();
  const node = await startNode(folder.path, "redis-1", { listen: "both" });
  const simulateFolder = join(folder.path, "simulate");
  await mkdir(simulateFolder, { mode: 0o700 });
  const context = contextOf(folder.path, [node as NodeHandle]);
  return {
    node,
    said: context.said,
    simulateFolder,
    context,
    disk: new Disk(),
    topology: "single",
    caFile: node.server.caFile,
    certificate: () => node.server.certificate.files,
    userRules: () => ["~*", "&*", "+@all", "-@dangerous", "+info", "+client"],
    openDoor: ({ port, idleLimit, staysUntil }) =>
      createTerminator({
        listen: { host: "127.0.0.1", port },
        tls: { certificates: [node.server.certificate.files] },
        to: `redis://127.0.0.1:${node.server.port}`,
        health: false,
        idleLimit,
        drainLimit: 0,
        ...(staysUntil !== undefined && { staysUntil }),
      }),
    failOver: () => Promise.resolve(),
    rotateCertificate: async () => {
      await node.server.replaceCertificate();
    },
    ...more,
    [Symbol.asyncDispose]: async () => {
      await node[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
