import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Authority, createAuthority, type RedisServer, startServer } from "@redoubt/server";
import type { AccessEntry } from "../../../src/observe/access-log.ts";
import type { TerminatorOptions } from "../../../src/terminator/options.ts";
import { createTerminator, type Terminator } from "../../../src/terminator/terminator.ts";
import { folder, pair } from "../listen/listening.ts";

/** A terminator in front of a real, plain Redis, with what it wrote. */
export interface Ground extends AsyncDisposable {
  readonly terminator: Terminator;
  readonly port: number;
  readonly server: RedisServer;
  readonly authority: Authority;
  /** Folder for files; `ca.crt` in it is the authority's. */
  readonly path: string;
  readonly caFile: string;
  readonly served: { readonly certFile: string; readonly keyFile: string };
  readonly log: AccessEntry[];
  readonly said: string[];
  readonly metric: (series: string) => number;
}

/** Starts both. The server has a password, which the terminator knows for its checks. */
export async function ground(
  options:
    | Partial<TerminatorOptions>
    | ((
        server: RedisServer,
        path: string,
        authority: Authority,
      ) => Partial<TerminatorOptions> | Promise<Partial<TerminatorOptions>>) = {},
): Promise<Ground> {
  const stack = new Stack();
  const files = stack.use(await folder());
  const server = stack.use(await startServer({ listen: "plain" }));
  const authority = await createAuthority();
  const caFile = join(files.path, "ca.crt");
  await writeFile(caFile, authority.certificate);
  const served = await pair(files.path, "server", authority);
  const log: AccessEntry[] = [];
  const said: string[] = [];
  let terminator: Terminator;
  try {
    terminator = await createTerminator({
      listen: "127.0.0.1:0",
      tls: { certificates: [served], watchEvery: 50 },
      to: server.uri,
      accessLog: { format: "json", write: (line) => void log.push(JSON.parse(line) as AccessEntry) },
      say: (sentence) => void said.push(sentence),
      ...(typeof options === "function" ? await options(server, files.path, authority) : options),
    });
  } catch (error) {
    await stack.dispose();
    throw error;
  }
  stack.use(terminator);
  const port = Number(terminator.address.split(":").at(-1));
  const metric = (series: string): number =>
    Number(
      terminator.metrics
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.split(" ")
        .at(-1),
    );
  return {
    terminator,
    port,
    server,
    authority,
    path: files.path,
    caFile,
    served,
    log,
    said,
    metric,
    [Symbol.asyncDispose]: () => stack.dispose(),
  };
}

/** What is to be ended, the last first. */
class Stack {
  readonly #used: AsyncDisposable[] = [];

  use<T extends AsyncDisposable>(used: T): T {
    this.#used.push(used);
    return used;
  }

  async dispose(): Promise<void> {
    for (const used of this.#used.reverse()) await used[Symbol.asyncDispose]();
  }
}

/** Runs redis-cli through the terminator, with the server's password unless told otherwise. */
export async function cli(
  { port, caFile, server }: Pick<Ground, "port" | "caFile" | "server">,
  words: readonly string[],
  tls: readonly string[] = [],
): Promise<string> {
  const args = [
    "-h",
    "127.0.0.1",
    "-p",
    String(port),
    "--no-auth-warning",
    "--tls",
    "--cacert",
    caFile,
    ...tls,
    ...words,
  ];
  const child = spawn("redis-cli", args, {
    env: { ...process.env, ...(server.password !== null && { REDISCLI_AUTH: server.password }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part: Buffer) => (said += part.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return said.trim();
}
