import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type RedisArgument } from "@redoubt/client";
import type { Services } from "../src/contract/services.ts";
import { openServices } from "../src/services/project.ts";

/** Services in a folder of their own, which go away with the test. */
export interface Ground extends AsyncDisposable {
  readonly home: string;
  readonly services: Services;
}

/** Opens an empty folder of state. At the end all services in it are terminated. */
export async function ground(): Promise<Ground> {
  const home = await mkdtemp(join(tmpdir(), "redoubt-services-"));
  const services = openServices({ home, actor: "test" });
  return {
    home,
    services,
    [Symbol.asyncDispose]: async () => {
      for (const name of await services.names()) {
        await services.update(name, { terminationProtection: false }).catch(() => {});
        await services.terminate(name);
      }
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Sends commands to a service over a connection of their own. */
export async function say(
  { home }: Pick<Ground, "home">,
  uri: string,
  ...commands: readonly (readonly RedisArgument[])[]
): Promise<unknown[]> {
  const caFile = join(home, "ca", "ca.pem");
  const client = createClient({
    url: uri.startsWith("rediss") ? `${uri}?sslrootcert=${caFile}` : uri,
    socket: { reconnectStrategy: false },
  });
  client.on("error", () => {});
  await client.connect();
  try {
    const replies: unknown[] = [];
    for (const command of commands) replies.push(await client.sendCommand(command));
    return replies;
  } finally {
    client.destroy();
  }
}

/** What redis-cli prints. */
export function redisCli({ home }: Pick<Ground, "home">, uri: string, ...args: string[]): Promise<string> {
  const tls = uri.startsWith("rediss") ? ["--cacert", join(home, "ca", "ca.pem")] : [];
  const child = spawn("redis-cli", ["-u", uri, "--no-auth-warning", ...tls, ...args]);
  let text = "";
  const limit = setTimeout(() => {
    text += " (redis-cli did not end)";
    child.kill("SIGKILL");
  }, 60_000);
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (some: string) => {
      text += some;
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      clearTimeout(limit);
      resolve(text.trim());
    });
  });
}
