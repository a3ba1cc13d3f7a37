import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RedisServer } from "@redoubt/server";
import { freePort, runFile, stunnelPrograms, until } from "./stunnel-programs.ts";
import { startTunnel } from "./tunnel-process.ts";

/** A tunnel to a Redis without password, whichever way it was started. */
export interface AnyTunnel extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  output(): string;
  end(signal: NodeJS.Signals): Promise<unknown>;
}

/** A way to start a tunnel. */
export interface TunnelKind {
  readonly name: "redoubt tunnel FILE" | "redoubt tunnel --to";
  open(server: RedisServer, more?: readonly string[]): Promise<AnyTunnel>;
}

/** Relays bytes, as a `stunnel.conf` says. */
const byFile: TunnelKind = {
  name: "redoubt tunnel FILE",
  open: async (server, more = []) => {
    const folder = mkdtempSync(join(tmpdir(), "redoubt-kind-"));
    const file = join(folder, "stunnel.conf");
    const port = await freePort();
    writeFileSync(file, clientSection(server, port));
    const [ours] = stunnelPrograms;
    const running = await runFile(ours as (typeof stunnelPrograms)[number], file, port, more);
    const remove = async (): Promise<void> => {
      await running.end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    };
    return { ...running, port, [Symbol.asyncDispose]: remove };
  },
};

/** Understands Redis: logs in, shares connections. */
const byString: TunnelKind = {
  name: "redoubt tunnel --to",
  open: (server, more = []) => startTunnel(more, server.uri),
};

export const tunnelKinds: readonly TunnelKind[] = [byFile, byString];

/** A file with one client section that verifies its server. @param accept a port, or what stands behind `accept =` */
export function clientSection({ tlsPort, caFile }: RedisServer, accept: number | string): string {
  const where = typeof accept === "number" ? `127.0.0.1:${accept}` : accept;
  return `foreground = yes
syslog = no
[redis]
client = yes
accept = ${where}
connect = 127.0.0.1:${tlsPort}
verifyChain = yes
CAfile = ${caFile}
checkIP = 127.0.0.1
`;
}

/** A process and those that it has started. */
export function familyOf(pid: number): number[] {
  const children = readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1]) === pid;
    } catch {
      return false;
    }
  });
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

/** Memory of a process and those that it has started, bytes. */
export function memoryOf(pid: number): number {
  return familyOf(pid)
    .map((each) => {
      try {
        return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, "utf8"))?.[1] ?? 0);
      } catch {
        return 0;
      }
    })
    .reduce((sum, kilobytes) => sum + kilobytes * 1024, 0);
}

/** A client of a tunnel that speaks in bytes. */
export class Bytes implements Disposable {
  readonly socket: Socket;
  /** All that has come. */
  text = "";
  hasEnded = false;
  isClosed = false;

  constructor(where: number | string) {
    this.socket =
      typeof where === "number"
        ? connect({ port: where, host: "127.0.0.1", allowHalfOpen: true })
        : connect({ path: where, allowHalfOpen: true });
    this.socket.on("error", () => {});
    this.socket.setEncoding("latin1").on("data", (part: string) => (this.text += part));
    this.socket.once("end", () => {
      this.hasEnded = true;
      this.socket.end();
    });
    this.socket.once("close", () => (this.isClosed = true));
  }

  /** Writes, and waits until what has come satisfies. */
  async say(bytes: string, isThere: (text: string) => boolean): Promise<string> {
    this.text = "";
    this.socket.write(bytes);
    await until(`a reply to ${bytes.slice(0, 40)}`, () => this.isClosed || isThere(this.text));
    return this.text;
  }

  ping(): Promise<string> {
    return this.say("PING\r\n", (text) => text.endsWith("\r\n"));
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** The reply to PING over a connection of its own; empty when it is cut or refused instead. */
export async function pingOnce(where: number | string): Promise<string> {
  using client = new Bytes(where);
  return await client.ping();
}
